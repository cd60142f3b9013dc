"""Which translations are stale: each remembers the English it came from.

`python -m website.translations status` lists stale sections;
`... stamp FILE` writes down that a page was compared with today's English;
`... start FILE` lays out a page that does not exist yet.
"""

import hashlib
import re
import sys
from pathlib import Path

import yaml

from website import DOCS, LANGUAGES, ROOT, docs_of
from website.sections import FENCE, FRONT, sections


def hashes(english: str) -> dict[str, str]:
    """Return a hash for every section of an English page."""
    found = {}
    for section in sections(english):
        text = re.sub(r"[ \t]+$", "", section.text, flags=re.M).strip()
        found[section.id] = hashlib.sha256(text.encode()).hexdigest()[:10]
    return found


def remembered(text: str) -> dict[str, str]:
    """Return the hashes that a translation carries in its front matter."""
    m = FRONT.match(text)
    if not m:
        return {}
    front = yaml.safe_load(m[0].strip().strip("-")) or {}
    return dict(front.get("source") or {})


def stale(english: str, translation: str) -> list[str]:
    """Return the sections whose English changed since the translation."""
    then, now = remembered(translation), hashes(english)
    return [name for name in now if then.get(name) != now[name]]


def stamped(english: str, translation: str) -> str:
    """Return a translation that remembers today's English."""
    lines = [f"  {k}: {v!r}" for k, v in hashes(english).items()]
    block = "source:\n" + "\n".join(lines).replace("'", '"') + "\n"
    m = FRONT.match(translation)
    if not m:
        return f"---\n{block}---\n{translation}"
    front = m[0]
    old = re.search(r"^source:\n(?:  .*\n)*", front, re.M)
    if old:
        front = front.replace(old[0], block)
    else:
        front = front[: -len("---\n")] + block + "---\n"
    return front + translation[m.end() :]


def original_of(path: Path, docs: Path = DOCS) -> Path:
    """Return the English page of a translation.

    Raises:
        SystemExit: With a sentence, if the file is no translation.
    """
    if not path.is_file():
        raise SystemExit(f"{path}: there is no such file")
    name = _name_of(path, docs)
    if path.suffix != ".md":
        raise SystemExit(f"{path}: only pages are stamped")
    if not (docs / name).is_file():
        raise SystemExit(f"{path}: there is no English page {docs / name}")
    return docs / name


def _name_of(path: Path, docs: Path) -> Path:
    """Return a translation's name below its language's folder."""
    for language in LANGUAGES:
        folder = docs_of(language, docs).resolve()
        if language != "en" and _inside(path.resolve(), folder):
            return path.resolve().relative_to(folder)
    raise SystemExit(f"{path}: not a page of docs/ko or docs/zh")


def _inside(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder.resolve())


def pairs(docs: Path = DOCS) -> list[tuple[str, Path, Path]]:
    """Return every translated page: language, English page, translation."""
    found = []
    for language in LANGUAGES:
        if language == "en":
            continue
        folder = docs_of(language, docs)
        for path in sorted(folder.rglob("*.md")):
            name = path.relative_to(folder)
            hidden = any(part.startswith("_") for part in name.parts)
            if not hidden and (docs / name).is_file():
                found.append((language, docs / name, path))
    return found


def stamp(names: list[str], docs: Path = DOCS) -> None:
    """Write into translations that they are in step with English.

    Raises:
        SystemExit: Before anything is written, if a file is no translation or
            has other sections than English: such a page is not in step.
    """
    texts = {}
    for path in map(Path, names):
        english = original_of(path, docs).read_text("utf-8")
        text = path.read_text("utf-8")
        want, have = ([s.id for s in sections(t)] for t in (english, text))
        odd = sorted({*want} ^ {*have})
        if want != have:
            what = ", ".join(f"#{name}" for name in odd) or "their order"
            raise SystemExit(f"{path}: other sections than English: {what}")
        texts[path] = stamped(english, text), stale(english, text)
    for path, (text, old) in texts.items():
        path.write_text(text, "utf-8")
        what = " ".join(f"#{name}" for name in old) or "nothing was stale"
        print(f"stamped {path}: {what}")


def started(english: str) -> str:
    """Return what a translation begins as: English, its cells emptied.

    Ids, formulas, code, figures and links are right from the start; the prose
    waits to be written. There is no stamp, so every section counts as stale.
    """

    def emptied(m: re.Match[str]) -> str:
        if m[3].split(" ")[0] != "python":
            return m[0]
        return f"{m[1]}{m[2]}{m[3]}\n{m[1]}{m[2]}"

    return FENCE.sub(emptied, english)


def start(names: list[str], docs: Path = DOCS) -> None:
    """Lay out translations of pages or homework that do not exist yet.

    Raises:
        SystemExit: Before anything is written, if one exists already or has
            no English page.
    """
    texts = {}
    for path in map(Path, names):
        english = docs / _name_of(path, docs)
        if path.exists():
            raise SystemExit(f"{path} stands already: nothing was changed")
        if not english.is_file():
            raise SystemExit(f"{path}: there is no English page {english}")
        text = english.read_text("utf-8")
        texts[path] = started(text) if path.suffix == ".md" else text
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"started {path}")


def status(docs: Path = DOCS) -> list[str]:
    """Return a line for every page with stale sections."""
    found = []
    for _, english, path in pairs(docs):
        names = stale(english.read_text("utf-8"), path.read_text("utf-8"))
        if names:
            shown = path.relative_to(ROOT) if _inside(path, ROOT) else path
            found.append(
                f"{shown}: stale in {' '.join(f'#{name}' for name in names)}"
            )
    return found


def main(arguments: list[str]) -> int:
    """Show what is stale, or stamp pages."""
    match arguments:
        case ["stamp", *names] if names:
            stamp(names)
            return 0
        case ["start", *names] if names:
            start(names)
            return 0
        case ["status"]:
            found = status()
            print("\n".join(found) or "Every translation is in step.")
            return 1 if found else 0
    print(
        "usage: python -m website.translations status | stamp FILE | start FILE"
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
