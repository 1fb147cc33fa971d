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
from string import Formatter

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


class _Sentence(Formatter):
    """Puts values in by name; `{count:site|sites}` is the word for one where count is 1, else that for many.

    A sentence may count several things, which one plural form for the whole sentence could not say. Languages whose
    nouns have one form, as Chinese, leave such words out.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        """Write one value, or choose between two words by it."""
        one, bar, many = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_SENTENCE = _Sentence()


def say(message: str, **values: object) -> str:
    """Return a sentence in the reader's language, with its values put in by name.

    Examples
    --------
    >>> say("{count} {count:site closes|sites close}.", count=11)
    '11 sites close.'
    >>> say("{count} {count:site closes|sites close}.", count=1)
    '1 site closes.'
    """
    translated = _catalogue(_language).gettext(message)
    return _SENTENCE.vformat(translated, (), values) if values else translated
