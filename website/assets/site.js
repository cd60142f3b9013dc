// The language links follow the page under instant navigation and keep the
// section. Without this script they lead to the same page, at its top.
(function () {
  var root = new URL(document.currentScript.src.replace(/assets\/site\.js.*$/, ""));
  function links() {
    return document.querySelectorAll("a[data-pfs-lang]");
  }
  function update() {
    var rest = location.pathname.slice(root.pathname.length);
    links().forEach(function (a) {
      if (rest.startsWith(a.hreflang + "/")) rest = rest.slice(a.hreflang.length + 1);
    });
    links().forEach(function (a) {
      var folder = a.hreflang === "en" ? "" : a.hreflang + "/";
      a.href = root.href + folder + rest + location.hash;
    });
  }
  addEventListener("pointerdown", update, true);
  addEventListener("keydown", update, true);
  if (window.document$) window.document$.subscribe(update);
  else update();
})();
