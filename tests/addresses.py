"""Where the browser checks find the site."""

LANGUAGES = ("en", "ko", "zh")
PORT = 8765
BASE = f"http://127.0.0.1:{PORT}/"


def address(language: str, page: str) -> str:
    """Return the path of a page in a language, below `BASE`."""
    return page if language == "en" else f"{language}/{page}"
