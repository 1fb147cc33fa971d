"""Commands and options whose help is put into the reader's language when it is read, not when it is written."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from bluehelm.cli.click_words import in_our_words
from bluehelm.words import LANGUAGES, say


class Spoken:
    """Something with a help sentence from the catalogue."""

    _written: str | None = None

    @property
    def help(self) -> str | None:
        """The help sentence in the language now spoken."""
        return say(self._written) if self._written else None

    @help.setter
    def help(self, sentence: str | None) -> None:
        self._written = sentence


class SpokenOption(Spoken, click.Option):
    """An option that explains itself in the reader's language."""


class SpokenArgument(Spoken, click.Argument):
    """An argument that explains itself in the reader's language."""


argument = partial(click.argument, cls=SpokenArgument)
option = partial(click.option, cls=SpokenOption)


class SpokenCommand(Spoken, click.Command):
    """A command that explains itself in the reader's language, which `--lang` may choose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # `--lang` is acted on before the line is read (see language.py); here it is only checked and documented.
        option(
            "--lang",
            type=click.Choice(list(LANGUAGES)),
            envvar="BLUEHELM_LANG",
            expose_value=False,
            help="Language: en or zh. BLUEHELM_LANG sets it for good.",
        )(self)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the usage line."""
        return [in_our_words(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the line for the list of commands; click would cut a Chinese sentence at its first space."""
        return say(self.short_help) if self.short_help else super().get_short_help_str(limit)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, in the language now spoken."""
        shown = super().get_help_option(ctx)
        if shown is not None:
            shown.help = say("Show this message and exit.")
        return shown


class SpokenGroup(SpokenCommand, click.Group):
    """A group of commands that explain themselves in the reader's language."""

    command_class = SpokenCommand
    group_class = type
