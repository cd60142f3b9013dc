"""The progress of the homework on the page of reading orders."""

import pytest
from addresses import LANGUAGES, address

from pfs.homework import exercises, progress
from website.strings import STRINGS


def words(key, language, **values):
    return STRINGS[f"homework_{key}"][language].format(**values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_sees_what_was_passed(language, open_page, tmp_path):
    path = tmp_path / "progress.json"
    progress.checked("rnn.cell", True, path)
    progress.checked("rnn.unroll", False, path)
    watch = open_page(address(language, "path/"))
    page = watch.page
    box = page.locator(".pfs-homework")
    count = len(exercises.load())
    assert box.locator("[data-exercise]").count() == count
    assert not box.locator("button").is_visible()
    box.locator("input").set_input_files(path)
    counted = words("counted", language, done=1, count=count)
    box.locator("output", has_text=counted).wait_for()
    (mark,) = box.locator(".pfs-passed").all()
    row = mark.locator("xpath=..")
    assert row.locator("a").get_attribute("data-exercise") == "rnn.cell"
    assert words("passed", language) in mark.inner_text()
    page.reload(wait_until="load")
    box.locator("output", has_text=counted).wait_for()
    box.locator("button").click()
    assert box.locator(".pfs-passed").count() == 0
    assert page.evaluate("localStorage.getItem('pfs-progress')") is None
    assert (watch.outside, watch.problems) == ([], [])


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", '{"exercises": 3}', "null", '{"a": 1}']
)
def test_another_file_is_refused_and_nothing_kept(text, open_page, tmp_path):
    path = tmp_path / "other.json"
    path.write_text(text, "utf-8")
    page = open_page("path/").page
    box = page.locator(".pfs-homework")
    box.locator("input").set_input_files(path)
    box.locator("output", has_text=words("unreadable", "en")).wait_for()
    assert page.evaluate("localStorage.getItem('pfs-progress')") is None
