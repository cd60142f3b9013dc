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
  var named = 0;
  function repair(node) {
    if (!node.querySelectorAll) return;
    node.querySelectorAll(".md-code__nav:not([aria-label])").forEach(function (nav) {
      var button = nav.querySelector("[data-clipboard-target]");
      named += 1;
      if (button) nav.setAttribute("aria-label", button.title + " " + named);
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

// The progress of the homework: a file that the reader chooses, kept in this
// browser only.
(function () {
  var KEY = "pfs-progress";
  function passed(text) {
    var whole = JSON.parse(text);
    if (typeof whole.exercises !== "object") throw new Error("no exercises");
    return Object.keys(whole.exercises).filter(function (id) {
      return whole.exercises[id].state === "passed";
    });
  }
  function stored() {
    try {
      return passed(localStorage.getItem(KEY));
    } catch (error) {
      return null;
    }
  }
  function show(box) {
    var done = stored();
    var links = box.querySelectorAll("[data-exercise]");
    var count = 0;
    links.forEach(function (link) {
      var old = link.parentElement.querySelector(":scope > .pfs-passed");
      if (old) old.remove();
      if (!done || done.indexOf(link.dataset.exercise) < 0) return;
      count += 1;
      var mark = document.createElement("span");
      mark.className = "pfs-passed";
      mark.textContent = " \u2713 " + box.dataset.passed;
      link.after(mark);
    });
    box.querySelector("button").hidden = !done;
    box.querySelector("output").textContent = done
      ? box.dataset.counted.replace("{done}", count).replace("{count}", links.length)
      : "";
  }
  function begin() {
    var box = document.querySelector(".pfs-homework");
    if (!box) return;
    var input = box.querySelector("input");
    input.onchange = function () {
      if (!input.files.length) return;
      input.files[0].text().then(function (text) {
        passed(text);
        localStorage.setItem(KEY, text);
        show(box);
      }).catch(function () {
        box.querySelector("output").textContent = box.dataset.unreadable;
      });
    };
    box.querySelector("button").onclick = function () {
      localStorage.removeItem(KEY);
      input.value = "";
      show(box);
    };
    show(box);
  }
  if (window.document$) window.document$.subscribe(begin);
  else begin();
})();
