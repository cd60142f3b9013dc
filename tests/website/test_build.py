"""The build as a whole: it refuses, it keeps the old site, it serves."""

import threading
import urllib.error
import urllib.request

import pytest

from website import build, generated, lint, serve
from website.problems import Problem


def test_a_failed_build_leaves_the_old_site(tmp_path, monkeypatch, capsys):
    out = tmp_path / "site"
    out.mkdir()
    (out / "index.html").write_text("old", "utf-8")
    problem = Problem(build.ROOT / "docs" / "x.md", 7, "is wrong")
    monkeypatch.setattr(lint, "check", lambda root: [problem])
    assert not build.build_and_tell(out, build.SITE_URL)
    assert (out / "index.html").read_text("utf-8") == "old"
    assert "docs/x.md:7: is wrong" in capsys.readouterr().err


def test_a_site_that_is_up_to_date_is_not_built(tmp_path, monkeypatch):
    (tmp_path / ".built").write_text(build.fingerprint("u"), "utf-8")
    monkeypatch.setattr(lint, "check", lambda root: pytest.fail("was built"))
    assert build.build(tmp_path, "u") is False


@pytest.mark.parametrize("name", ["docs/a.md", "src/pfs/a.py", "mkdocs.yml"])
def test_the_fingerprint_sees_every_source(name, tmp_path):
    for one in [*build.CONFIGS.values(), "docs/a.md", "src/pfs/a.py"]:
        path = tmp_path / one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    before = build.fingerprint("u", tmp_path)
    assert build.fingerprint("u", tmp_path) == before
    assert build.fingerprint("v", tmp_path) != before
    (tmp_path / name).write_text("y", "utf-8")
    assert build.fingerprint("u", tmp_path) != before


def test_the_last_words_name_our_own_errors():
    printed = (
        "Traceback\n  File x\n"
        "website.problems.PageError: docs/a.md:3: no term 'x' in terms.toml\n"
    )
    assert build.last_words(printed) == (
        "docs/a.md:3: no term 'x' in terms.toml"
    )
    assert build.last_words("WARNING - broken link") == "WARNING - broken link"


def test_the_server_takes_the_next_free_port(tmp_path, capsys):
    (tmp_path / "404.html").write_text("not here", "utf-8")
    first = serve.open_server(tmp_path, 8790)
    second = serve.open_server(tmp_path, first.server_port)
    try:
        assert second.server_port > first.server_port
        assert "is in use" in capsys.readouterr().out
        threading.Thread(target=second.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{second.server_port}/nowhere/"
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address)
        assert caught.value.code == 404
        assert caught.value.read() == b"not here"
        second.shutdown()
    finally:
        first.server_close()
        second.server_close()


def test_a_change_of_a_source_is_noticed(tmp_path):
    event = threading.Event()
    handler = serve.Changed(event)

    class Change:
        is_directory = False
        event_type = "modified"

        def __init__(self, path):
            self.src_path = path

    handler.on_any_event(Change("docs/.a.md.swp"))
    handler.on_any_event(Change("src/pfs/__pycache__/a.pyc"))
    assert not event.is_set()
    handler.on_any_event(Change("docs/a.md"))
    assert event.is_set()


@pytest.mark.parametrize("lang", ["en", "ko", "zh"])
def test_generated_pages_hold_everything(lang):
    from pfs import ledger, papers, terms

    path = generated.path_page(lang)
    for paper in papers.load().values():
        assert paper.title in path
    glossary = generated.glossary_page(lang)
    for term in terms.load().values():
        assert f"{{ #{term.id} }}" in glossary
        assert getattr(term, lang) in glossary
    errata = generated.errata_page(lang)
    for entry in ledger.load().values():
        if entry.erratum:
            assert entry.erratum[lang] in errata
    header = generated.paper_header("rnn", lang, "../")
    assert "@techreport{rnn1985," in header
    assert "Rumelhart" in header


def test_the_dictionary_for_search_holds_the_terms():
    assert "隐状态 1000 n\n" in generated.jieba_dictionary()
