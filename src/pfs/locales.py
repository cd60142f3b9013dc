"""The language of the reader's system. Nothing here imports torch."""

import locale
import os


def of_locale() -> str:
    """Return the language of the locale.

    Returns:
        `ko` or `zh` if that is the locale's language, else `en`.

    Examples:
        >>> of_locale() in ("en", "ko", "zh")
        True

    Source:
        This project.

    Differs:
        nothing
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            break
    else:
        value = locale.getlocale()[0] or ""
    names = {"korean": "ko", "chinese": "zh"}
    start = value.lower().split("_")[0].split(".")[0]
    code = names.get(start, start)
    return code if code in ("ko", "zh") else "en"
