"""Words that people read, in the reader's language.

One gettext catalogue (`bluehelm/locale/<language>/LC_MESSAGES/bluehelm.po`) holds every sentence of the
command line and the report. The English sentence is the key; values are put in by name, after translation.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "zh": "中文"}

_language = "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("bluehelm", localedir=LOCALE_DIR, languages=[language])


def use_language(language: str) -> None:
    """Speak `language` ("en" or "zh") from now on."""
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; one of {', '.join(LANGUAGES)} was expected")
    global _language
    _language = language


def language() -> str:
    """Say which language is in use."""
    return _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while."""
    before = _language
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def say(message: str, **values: object) -> str:
    """Return a sentence in the reader's language, with its values put in by name.

    Examples
    --------
    >>> say("{count} sites close.", count=11)
    '11 sites close.'
    """
    translated = _catalogue(_language).gettext(message)
    return translated.format(**values) if values else translated
