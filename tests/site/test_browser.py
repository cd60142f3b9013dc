"""The site as its readers use it, in a real browser, in three languages."""

import json
from urllib.parse import urljoin

import nbformat
import pytest
from addresses import BASE, LANGUAGES, address
from axe_playwright_python.sync_playwright import Axe

NOTE = "notes/rnn/"
PAGES = (
    "",
    NOTE,
    "path/",
    "glossary/",
    "errata/",
    "results/",
    "errors/",
    "contributing/",
    "homework/",
    "homework/rnn/",
    "teaching/",
    "api/recurrent.rnn/",
)
GATED = ("notes/lstm/", "notes/gru/")
TERM = ("glossary/", NOTE)
COUNTED = (*TERM, "notes/sequence/")
ATTENTION = ("notes/additive_attention/", "notes/transformer/")
QUERIES = {
    "en": {
        "hidden state": (*TERM, *GATED),
        "backpropagation through time": NOTE,
        "vanishing gradient": TERM,
        "Elman": NOTE,
        "perplexity": COUNTED,
        "gradient clipping": NOTE,
        "temperature": TERM,
        "truncated": TERM,
        "RNNCell": "api/recurrent.rnn/",
        "attention": ATTENTION,
        "WordPiece": "notes/bert/",
    },
    "ko": {
        "은닉 상태": (*TERM, *GATED),
        "은닉 상태를": (*TERM, *GATED),
        "순환 신경망을": TERM,
        "시간 역전파": NOTE,
        "기울기 소실": TERM,
        "퍼플렉서티": COUNTED,
        "hidden state": (*TERM, *GATED),
        "야코비안의": NOTE,
        "RNNCell": "api/recurrent.rnn/",
        "어텐션": ATTENTION,
        "빔 탐색": "notes/seq2seq/",
    },
    "zh": {
        "隐状态": (*TERM, *GATED),
        "循环神经网络": TERM,
        "梯度消失": TERM,
        "梯度裁剪": NOTE,
        "困惑度": COUNTED,
        "hidden state": (*TERM, *GATED),
        "截断": NOTE,
        "雅可比矩阵": NOTE,
        "RNNCell": "api/recurrent.rnn/",
        "注意力": (*ATTENTION, "glossary/"),
        "束搜索": "notes/seq2seq/",
    },
}
"""What readers type, and the page, or any of the pages, that explains it."""


def every_page(site):
    return sorted(
        p.parent.relative_to(site).as_posix().removeprefix(".")
        for p in site.rglob("index.html")
    )


@pytest.mark.timeout(1200)
def test_no_request_leaves_and_nothing_fails(site, open_page):
    """All pages: no third party, no 404, no message in the console."""
    pages = every_page(site)
    assert len(pages) >= len(PAGES) * len(LANGUAGES)
    watch = open_page()
    for path in pages:
        watch.page.goto(BASE + path + "/" * bool(path), wait_until="load")
    watch.page.wait_for_load_state("networkidle")
    assert watch.outside == []
    assert watch.problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_keeps_page_and_section(language, open_page):
    """Also after instant navigation, where the page is never loaded anew."""
    watch = open_page(address(language, ""))
    page = watch.page
    page.evaluate("window.stayed = true")
    page.locator("article a[href*='notes/rnn']").first.click()
    page.wait_for_url("**/notes/rnn/")
    page.locator(".md-sidebar--secondary a[href$='#derivation']").first.click()
    page.wait_for_url("**#derivation")
    assert page.evaluate("window.stayed") is True
    for other in [code for code in LANGUAGES if code != language]:
        page.locator(".md-header button[aria-label]").first.wait_for()
        page.locator(f"a[data-pfs-lang][hreflang={other}]").first.evaluate(
            "a => { a.dispatchEvent(new PointerEvent('pointerdown',"
            "{bubbles: true})); a.click() }"
        )
        page.wait_for_url(f"{BASE}{address(other, NOTE)}#derivation")
        page.wait_for_function(
            f"document.documentElement.lang.startsWith('{other}')"
        )
        heading = page.locator("h2#derivation")
        assert heading.count() == 1
        page.wait_for_function(
            "Math.abs(document.querySelector('h2#derivation')"
            ".getBoundingClientRect().top) < innerHeight"
        )
    assert watch.outside == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_the_right_page(language, open_page):
    watch = open_page(address(language, ""))
    page = watch.page
    box = page.locator("input.md-search__input")
    box.focus()
    missed = {}
    for query, wanted in QUERIES[language].items():
        box.fill("")
        box.dispatch_event("keyup")
        box.fill(query)
        box.dispatch_event("keyup")
        pages = (wanted,) if isinstance(wanted, str) else wanted
        targets = [f"/{address(language, page)}" for page in pages]
        try:
            page.wait_for_function(
                """targets => [...document.querySelectorAll(
                  '.md-search-result__item > .md-search-result__link')]
                  .slice(0, 3).some(a => targets.includes(
                    new URL(a.href).pathname))""",
                arg=targets,
                timeout=30_000,
            )
        except Exception:
            links = page.locator(".md-search-result__link")
            missed[query] = [
                links.nth(i).get_attribute("href")
                for i in range(min(4, links.count()))
            ]
    assert missed == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_copy_button_copies_the_code(language, open_page):
    watch = open_page(address(language, NOTE), permissions=["clipboard-read"])
    page = watch.page
    block = page.locator("div.highlight.cell:has(button)").first
    code = block.locator("code").inner_text()
    block.hover()
    block.locator("button").first.click()
    page.wait_for_function(
        "navigator.clipboard.readText().then(t => t.trim().length > 0)"
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.split() == code.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebook_can_be_downloaded(language, open_page):
    page = open_page(address(language, NOTE)).page
    with page.expect_download() as download:
        page.locator("a[download][href$='.ipynb']").first.click()
    notebook = nbformat.reads(
        download.value.path().read_text("utf-8"), as_version=4
    )
    nbformat.validate(notebook)
    text = json.dumps(notebook, ensure_ascii=False)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert any("pip install" in c.source for c in code[:2])
    assert any(c.outputs for c in code)
    assert "](../" not in text
    assert "{ #" not in text
    script = {"en": "hidden state", "ko": "은닉 상태", "zh": "隐状态"}
    assert script[language] in text


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_axe_violation(scheme, width, open_page):
    """WCAG 2.2 A and AA and best practice, on every kind of page."""
    paths = [address("ko", NOTE), address("zh", "homework/rnn/")]
    if (scheme, width) == ("light", 1280):
        paths += [address("en", page) for page in PAGES]
        paths += [address("zh", NOTE), "ko/"]
    if (scheme, width) == ("dark", 390):
        paths += ["", NOTE, "path/", "homework/rnn/", "api/recurrent.rnn/"]
    watch = open_page(width=width, scheme=scheme)
    found = {}
    for path in paths:
        watch.page.goto(BASE + path, wait_until="load")
        watch.page.wait_for_function("document.fonts.ready.then(() => true)")
        result = Axe().run(
            watch.page,
            options={
                "runOnly": [
                    "wcag2a",
                    "wcag2aa",
                    "wcag21a",
                    "wcag21aa",
                    "wcag22aa",
                    "best-practice",
                ]
            },
        )
        for v in result.response["violations"]:
            nodes = [n["html"][:160] for n in v["nodes"][:3]]
            found[f"{path} {v['id']}"] = (len(v["nodes"]), nodes)
    assert found == {}


@pytest.mark.timeout(1200)
def test_phones_do_not_scroll_sideways(site, open_page):
    page = open_page(width=390).page
    wide = []
    for path in every_page(site):
        page.goto(BASE + path + "/" * bool(path), wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path)
    assert wide == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works_without_javascript(language, open_page):
    watch = open_page(address(language, NOTE), java_script_enabled=False)
    page = watch.page
    assert page.locator("h2#derivation").is_visible()
    assert page.locator("article .katex").count() > 50
    text = " ".join(page.locator("article p, article li").all_inner_texts())
    assert "\\frac" not in text
    assert "{{ " not in text
    assert "[[" not in text
    figures = page.locator("article svg[role=img]")
    assert figures.count() >= 4
    for i in range(figures.count()):
        assert figures.nth(i).get_attribute("aria-label")
    other = "ko" if language == "en" else "en"
    href = page.locator(f"a[hreflang={other}]").first.get_attribute("href")
    page.goto(urljoin(page.url, href))
    assert page.url.rstrip("/") == (BASE + address(other, NOTE)).rstrip("/")
    assert page.locator("h2#derivation").is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_speak_their_language(language, open_page):
    page = open_page(address(language, NOTE)).page
    assert page.evaluate("document.documentElement.lang") == language
    title = {"en": "Recurrent", "ko": "순환 신경망", "zh": "循环神经网络"}
    assert title[language] in page.locator("h1").inner_text()


def test_theme_follows_the_system_and_the_reader(open_page):
    """Three states: system, light, dark; the choice is remembered."""
    page = open_page(scheme="dark").page
    body = "document.body.getAttribute('data-md-color-scheme')"
    assert page.evaluate(body) == "slate"
    seen = set()
    for _ in range(3):
        page.locator("label.md-header__button[for^=__palette]:visible").click()
        seen.add(page.evaluate(body))
    assert seen == {"default", "slate"}
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"{body} === 'default'")


def test_an_unknown_address_says_so(open_page):
    watch = open_page("no/such/page/")
    assert any(p.startswith("404") for p in watch.problems)
    assert watch.page.locator("h1").inner_text()
    assert watch.outside == []


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_inner_link_and_anchor_exists(language, site, open_page):
    """What the strict build cannot see: generated pages and raw HTML."""
    page = open_page().page
    dead = []
    ids = {}

    def targets(path):
        if path not in ids:
            page.goto(BASE + path, wait_until="commit")
            page.wait_for_load_state("domcontentloaded")
            ids[path] = set(
                page.evaluate(
                    "[...document.querySelectorAll('[id]')].map(e => e.id)"
                )
            )
        return ids[path]

    for start in PAGES:
        path = address(language, start)
        page.goto(BASE + path, wait_until="domcontentloaded")
        links = page.evaluate(
            "[...document.querySelectorAll('article a[href]')].map(a => a.href)"
        )
        for link in sorted(set(links)):
            if not link.startswith(BASE) or link.endswith(".ipynb"):
                continue
            where, _, anchor = link.removeprefix(BASE).partition("#")
            there = site / where
            exists = (there / "index.html").is_file() or there.is_file()
            if not exists or (anchor and anchor not in targets(where)):
                dead.append((path, link))
    assert dead == []
