from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.words import LANGUAGES, language, say, speaking, use_language

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    pytest.importorskip("babel")
    spec = importlib.util.spec_from_file_location("make_catalogue", ROOT / "scripts" / "make_catalogue.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def said(maker: ModuleType) -> dict[str, list[str]]:
    """Every sentence that the code, the templates and the data say, gathered once."""
    found: dict[str, list[str]] = maker.all_sentences()
    return found


def test_every_sentence_has_a_chinese_translation(maker: ModuleType, said: dict[str, list[str]]) -> None:
    catalogue = maker.load("zh")
    missing = [s for s in said if (e := catalogue.get(s)) is None or not e.string]
    assert missing == [], f"{len(missing)} sentences; run scripts/make_catalogue.py and --add their translations"


def test_translations_name_the_same_values_as_the_sentences(maker: ModuleType) -> None:
    assert maker.wrong_translations(maker.load("zh")) == []


def test_catalogue_is_what_the_script_makes_and_is_compiled(maker: ModuleType, said: dict[str, list[str]]) -> None:
    path = maker.po_path("zh")
    po = maker.po_bytes(maker.updated(maker.load("zh"), said, "zh"), "zh")
    assert path.read_bytes() == po
    assert path.with_suffix(".mo").read_bytes() == maker.mo_bytes(po, "zh")


def test_catalogue_holds_no_sentence_that_nobody_says(maker: ModuleType, said: dict[str, list[str]]) -> None:
    assert [str(entry.id) for entry in maker.load("zh") if entry.id and str(entry.id) not in said] == []


def test_sentences_are_found_through_names_conditions_and_functions_that_pass_them_on(maker: ModuleType) -> None:
    import ast

    code = """
TOLD = "Constant {a}."
class OddError(Exception): ...
def fault(place, message): return message
say(TOLD, a=1); fault(1, "Passed on."); raise OddError("An error." if x else "Another.")
"""
    tree = ast.parse(code)
    found = set(maker.sentences_in_code(tree, maker.functions_with_sentences([tree])))
    assert found == {"Constant {a}.", "Passed on.", "An error.", "Another."}


def test_values_are_put_in_after_translation() -> None:
    assert say("{count} sites close.", count=11) == "11 sites close."
    with speaking("zh"):
        assert say("Military") == "军事"
        assert say("a sentence nobody wrote {n}", n=2) == "a sentence nobody wrote 2"
    assert language() == "en"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="one of"):
        use_language("xx")


@given(st.sampled_from(sorted(LANGUAGES)), st.text(alphabet=st.characters(exclude_characters="{}"), min_size=1))
def test_what_is_not_in_the_catalogue_is_said_as_it_is(spoken: str, text: str) -> None:
    with speaking(spoken):
        assert say(text) or text


@pytest.mark.parametrize(("count", "told"), [
    (0, "Mission 'x' has 0 errors and was not planned."), (1, "Mission 'x' has 1 error and was not planned."),
    ("1", "Mission 'x' has 1 error and was not planned."),
    ("1,530", "Mission 'x' has 1,530 errors and was not planned."),
])  # fmt: skip
def test_a_word_agrees_with_its_number_in_english_and_is_left_out_in_chinese(count: object, told: str) -> None:
    sentence = "Mission '{name}' has {count} {count:error|errors} and was not planned."
    assert say(sentence, name="x", count=count) == told
    with speaking("zh"):
        assert say(sentence, name="x", count=count) == f"特派团“x”有{count}处错误，未作规划。"


def test_a_number_is_still_written_in_the_form_asked_for() -> None:
    assert say("{share:.1%} of {most:,} in {place!r}, {hours:>4}", share=0.5, most=1000, place="a", hours=3) == (
        "50.0% of 1,000 in 'a',    3"
    )


def test_choices_of_words_are_whole_and_stand_beside_their_number(said: dict[str, list[str]]) -> None:
    for sentence in said:
        for name, one, many in re.findall(r"\{(\w+):([^{}|]*)\|([^{}]*)\}", sentence):
            assert one and many and "|" not in many and f"{{{name}}}" in sentence, sentence
