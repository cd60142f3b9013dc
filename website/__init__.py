"""How the pages in docs/ become a site in three languages."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CACHE = ROOT / ".cache"
LANGUAGES = {"en": "English", "ko": "한국어", "zh": "中文"}


def docs_of(language: str, docs: Path = DOCS) -> Path:
    """Return the folder of a language's pages."""
    return docs if language == "en" else docs / language
