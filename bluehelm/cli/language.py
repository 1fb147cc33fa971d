"""Which language the command line speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bluehelm.words import LANGUAGES


def language_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language asked for: `--lang`, then BLUEHELM_LANG, then the locale, then English.

    It is read before click reads the line, so that help and complaints about the line are in that language too.
    A word that is no language is passed over here; click then says so.

    Examples
    --------
    >>> language_asked(["plan", "--help", "--lang", "zh"], {"BLUEHELM_LANG": "en"})
    'zh'
    >>> language_asked(["plan"], {"LANG": "zh_CN.UTF-8"})
    'zh'
    """
    line = list(arguments)
    line = line[: line.index("--")] if "--" in line else line
    after = [value for word, value in pairwise(line) if word == "--lang"]
    joined = [word.removeprefix("--lang=") for word in line if word.startswith("--lang=")]
    locale = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    for wish in (*after, *joined, environment.get("BLUEHELM_LANG", ""), locale[:2]):
        if wish in LANGUAGES:
            return wish
    return "en"
