"""What click says by itself is in our catalogue."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import getsource
from string import Formatter

import pytest

from bluehelm.cli.click_words import CLICK_WORDS, MODULES, in_our_words

# Words that no command of ours can bring up: prompts, mistakes in the declaration of a command, types not in use.
NEVER_SAID = (
    "deprecated", "Deprecat", "Value must be", "Could not", "No options defined", "Arguments take", "(dynamic)",
    "Name '{name}' defined", "Takes {nargs}", "Boolean option", "unknown error", "Missing parameter", "Missing {param",
    "Invalid value: ", "file", "directory", "path", "Choose from", "Choice(", "does not match", "valid boolean",
    "{len_type}", "valid UUID", "{filename!r}", "Invalid start", "Argument {name!r} takes",
)  # fmt: skip


def asked_of_gettext(module: str) -> set[str]:
    return {
        word.value
        for node in ast.walk(ast.parse(getsource(import_module(module))))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext")
        for word in node.args
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }


@pytest.mark.parametrize("module", MODULES)
def test_every_word_that_click_may_say_is_ours(module):
    unknown = asked_of_gettext(module) - CLICK_WORDS.keys()
    assert {word for word in unknown if not any(part in word for part in NEVER_SAID)} == set()


def test_our_words_use_no_value_that_click_does_not_give():
    together = {"possibilities": "possibility", "choices": "choice", "args": "args"}  # click gives both of each pair
    for theirs, ours in CLICK_WORDS.items():
        given, used = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in (theirs, ours))
        assert {together.get(name, name) for name in used} <= {together.get(name, name) for name in given}, theirs


def test_a_word_that_is_not_ours_stays_as_it_is():
    assert in_our_words("Password") == "Password"
    assert in_our_words("one", "many", 2) == "many"
