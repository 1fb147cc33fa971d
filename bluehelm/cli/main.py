"""The command line: `bluehelm`. Each command lives in a file of its own."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from bluehelm import __version__
from bluehelm.cli.adapt import adapt
from bluehelm.cli.backtest import backtest
from bluehelm.cli.click_words import let_click_speak_our_words
from bluehelm.cli.cut import cut
from bluehelm.cli.ensemble import ensemble
from bluehelm.cli.finance import finance
from bluehelm.cli.forecast import forecast
from bluehelm.cli.language import language_asked
from bluehelm.cli.mission import mission
from bluehelm.cli.plan import plan
from bluehelm.cli.report import report
from bluehelm.cli.scenario import scenario
from bluehelm.cli.solve import solve
from bluehelm.cli.spoken import SpokenGroup
from bluehelm.cli.told import READERS_OWN, error_told, path_error_told
from bluehelm.cli.transition import transition
from bluehelm.cli.value import value
from bluehelm.cli.why import why
from bluehelm.errors import BluehelmError
from bluehelm.words import say, speaking

INTERRUPTED = 130


class CommandLine(SpokenGroup):
    """The outermost group: chooses the language and turns errors a reader can act on into sentences."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run one command line."""
        line = args[0] if args else kwargs.get("args")
        with speaking(language_asked(sys.argv[1:] if line is None else line, os.environ)):
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command named; status 1 after an error, 130 after Ctrl-C."""
        try:
            return super().invoke(ctx)
        except BluehelmError as error:
            raise click.ClickException(error_told(error)) from error
        except KeyboardInterrupt:
            click.echo("\n" + say("Interrupted; nothing half-done is left behind."), err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno not in READERS_OWN:
                raise
            raise click.ClickException(path_error_told(error)) from error


@click.group(
    cls=CommandLine,
    short_help="Plan a peace operation.",
    help="Plan a peace operation: who goes where and when, what it costs, what stays unprotected, "
    "and how good the plan is proven to be.",
)
def cli() -> None:
    """Hold the commands."""


@cli.command(short_help="Say which version this is.", help="Say which version this is.")
def version() -> None:
    """Print the version."""
    click.echo(f"bluehelm {__version__}")


let_click_speak_our_words()
COMMANDS = (
    mission, forecast, scenario, plan, why, report, backtest, adapt, ensemble, transition, value, finance, solve, cut,
)  # fmt: skip
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Start from the shell."""
    cli.main(prog_name="bluehelm")
