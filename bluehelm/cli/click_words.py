"""What click says by itself, in the words of our catalogue.

click asks gettext for its words in five of its modules. There our own lookup takes the place of gettext, so that one
catalogue holds every sentence, and singular and plural need no two forms.
"""

from __future__ import annotations

from importlib import import_module

from bluehelm.words import say

MODULES = ("click.core", "click.exceptions", "click.formatting", "click.parser", "click.types")

# click's words on the left, ours on the right; both have the same names in braces.
CLICK_WORDS = {
    "Usage:": "Usage:",
    "[OPTIONS]": "[OPTIONS]",
    "COMMAND [ARGS]...": "COMMAND [ARGS]...",
    "Options": "Options",
    "Commands": "Commands",
    "Positional arguments": "Arguments",
    "required": "required",
    "default: {default}": "default: {default}",
    "env var: {var}": "environment variable: {var}",
    "Aborted!": "Stopped.",
    "Error: {message}": "Error: {message}",
    "Try '{command} {option}' for help.": "Try '{command} {option}' for help.",
    "No such option {name!r}.": "There is no option {name!r}.",
    "No such command {name!r}.": "There is no command {name!r}.",
    "Did you mean {possibility}?": "Did you mean {possibilities}?",
    "(Did you mean one of: {possibilities}?)": "Did you mean {possibilities}?",
    "Missing command.": "A command is missing.",
    "Missing argument": "Missing argument",
    "Missing option": "Missing option",
    "Got unexpected extra argument ({args})": "Not expected here: {args}.",
    "Got unexpected extra arguments ({args})": "Not expected here: {args}.",
    "Option {name!r} does not take a value.": "Option {name!r} takes no value.",
    "Option {name!r} requires an argument.": "Option {name!r} needs a value.",
    "Option {name!r} requires {nargs} arguments.": "Option {name!r} needs {nargs} values.",
    "Invalid value for {param_hint}: {message}": "Invalid value for {param_hint}: {message}",
    "{value!r} is not {choice}.": "{value!r} is not one of {choices}.",
    "{value!r} is not one of {choices}.": "{value!r} is not one of {choices}.",
    "{value} is not in the range {range}.": "{value} is not in the range {range}.",
    "{value!r} is not a valid {number_type}.": "{value!r} is not a number as expected.",
}


def in_our_words(one: str, many: str = "", count: int = 1) -> str:
    """Stand in for gettext and ngettext; a word that we do not know stays as click has it."""
    word = many if many and count != 1 else one
    return say(CLICK_WORDS[word]) if word in CLICK_WORDS else word


def let_click_speak_our_words() -> None:
    """Put our lookup in the place of gettext, wherever click calls it."""
    for module in map(import_module, MODULES):
        for name in {"_", "ngettext"} & vars(module).keys():
            setattr(module, name, in_our_words)
