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
  // Parts that Material adds while the page is read: each landmark gets a name
  // of its own, and what scrolls can be reached with the keyboard.
  function repair(node) {
    if (!node.querySelectorAll) return;
    node.querySelectorAll(".md-code__nav").forEach(function (nav) {
      var button = nav.querySelector("[data-clipboard-target]");
      var number = button && button.dataset.clipboardTarget.match(/\d+/);
      if (number) nav.setAttribute("aria-label", button.title + " " + number);
    });
    node.querySelectorAll(".md-typeset__scrollwrap").forEach(function (box) {
      box.tabIndex = 0;
    });
  }
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      change.addedNodes.forEach(function (node) {
        if (node.parentElement) repair(node.parentElement);
      });
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
  repair(document);
  addEventListener("pointerdown", update, true);
  addEventListener("keydown", update, true);
  if (window.document$) window.document$.subscribe(update);
  else update();
})();
