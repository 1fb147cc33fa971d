"""Gather every sentence that people read, and keep the catalogue of each language complete.

    python scripts/make_catalogue.py                  update and compile; print what is not translated, as JSON
    python scripts/make_catalogue.py --add FILE.json  first merge translations {"English sentence": "译文"}
    python scripts/make_catalogue.py --check          change nothing; status 1 where a sentence is missing or stale

Sentences are found in the code (calls of `say` and `tell`, our errors, faults, and functions that pass a sentence on),
in the templates of the report, and in the norms and shipped missions (titles and sentences that reports show).
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import json
import re
import struct
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bluehelm"
SPOKEN_LANGUAGES = ("zh",)
# A function or class with a parameter of this name passes a sentence on; so do classes of CLASSES_WITH_TITLE by title.
SENTENCE_PARAMETERS = {"message", "expected", "next_step", "sentence", "meaning", "help", "short_help"}
CLASSES_WITH_TITLE = {"Goal", "Tier", "Yardstick", "Theme", "GapItem"}
TITLE_PARAMETERS = {"title", "what", "buys", "note", "reason"}
TOML_KEYS = {"title", "meaning", "sentence", "text", "unit"}

HEADER = """msgid ""
msgstr ""
"Project-Id-Version: bluehelm\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Places = dict[str, list[str]]
"""Each sentence with the files in which it stands."""


def all_sentences() -> Places:
    """Gather sentences from code, templates and data, each with where it stands."""
    found: Places = {}
    sources = sorted(PACKAGE.rglob("*.py"))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources}
    passed_on = functions_with_sentences(trees.values())
    for path, tree in trees.items():
        _note(found, sentences_in_code(tree, passed_on), path)
    for path in sorted(PACKAGE.rglob("templates/*.html")):
        _note(found, re.findall(r'say\("([^"]+)"', path.read_text(encoding="utf-8")), path)
    for path in sorted(PACKAGE.rglob("*.toml")):
        _note(found, sentences_in_data(path), path)
    for path in sorted(PACKAGE.glob("data/missions/*/*.csv")):
        _note(found, names_in_table(path), path)
    return found


def _note(found: Places, sentences: Iterable[str], path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for sentence in sentences:
        if re.search(r"[A-Za-z]{2}|^[^A-Za-z]{1,2}$|\{", sentence) and place not in found.setdefault(sentence, []):
            found[sentence].append(place)


def functions_with_sentences(trees: Iterable[ast.Module]) -> dict[str, dict[str, int]]:
    """Find, by name, functions and records that take sentences: parameter name and position of each."""
    found: dict[str, dict[str, int]] = {
        "say": {"message": 0}, "tell": {"message": 0}, "option": {"help": 99}, "argument": {"help": 99},
        "command": {"help": 99, "short_help": 99}, "group": {"help": 99, "short_help": 99},
    }  # fmt: skip
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
            names += [a.arg for a in node.args.kwonlyargs]
            _add(found, node.name, names, SENTENCE_PARAMETERS)
        elif isinstance(node, ast.ClassDef) and node.name != "Column":  # the data dictionary is in English
            if node.name.endswith("Error"):
                found[node.name] = {"message": 0}
            names = [n.target.id for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
            wanted = SENTENCE_PARAMETERS | (TITLE_PARAMETERS if node.name in CLASSES_WITH_TITLE else set())
            _add(found, node.name, names, wanted)
    return found


def _add(found: dict[str, dict[str, int]], function: str, names: list[str], wanted: set[str]) -> None:
    known = {name: place for place, name in enumerate(names) if name in wanted}
    if known and function != "__init__":
        found.setdefault(function, {}).update(known)


def sentences_in_code(tree: ast.Module, passed_on: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield the literal sentences given to functions that take one; a name is followed to where it is set."""
    constants = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        for name, place in passed_on.get(function, {}).items():
            given = [keyword.value for keyword in call.keywords if keyword.arg == name]
            given += call.args[place : place + 1]
            for value in given:
                yield from _literals(value, constants)


def _literals(value: ast.expr, constants: Mapping[str, ast.expr], depth: int = 0) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _literals(value.body, constants, depth)
        yield from _literals(value.orelse, constants, depth)
    elif isinstance(value, ast.Dict | ast.Tuple | ast.List) and depth < 3:
        parts = value.values if isinstance(value, ast.Dict) else value.elts
        for part in parts:
            yield from _literals(part, constants, depth + 1)
    elif isinstance(value, ast.Subscript):
        yield from _literals(value.value, constants, depth + 1)
    elif isinstance(value, ast.Name) and value.id in constants and depth < 3:
        yield from _literals(constants[value.id], constants, depth + 1)


def sentences_in_data(path: Path) -> Iterator[str]:
    """Yield what reports show of the norms, the extracts and the shipped missions."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in TOML_KEYS and isinstance(inner, str):
                    yield inner
                else:
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    return walk(tomllib.loads(path.read_text(encoding="utf-8")))


def names_in_table(path: Path) -> Iterator[str]:
    """Yield the contributors and zones of a shipped mission as reports write them."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if path.name == "units.csv" and row["contributor"]:
                yield row["contributor"]
            elif path.name == "areas.csv":
                yield row["zone"].replace("_", " ").title()


def po_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "bluehelm.po"


def load(language: str) -> Catalog:
    """Read a catalogue; an absent one is empty."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(catalogue: Catalog, sentences: Places, language: str) -> Catalog:
    """Return a catalogue of exactly these sentences, with the translations known; without dates, so bytes repeat."""
    made = Catalog(locale=language, project="bluehelm", charset="utf-8", fuzzy=False)
    for sentence in sorted(sentences):
        known = catalogue.get(sentence)
        text = str(known.string) if known is not None and known.string else ""
        made.add(sentence, text, auto_comments=sentences[sentence])
    return made


def po_bytes(catalogue: Catalog, language: str) -> bytes:
    """Write a catalogue as .po; the header holds nothing that changes by the day or the reader's machine."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=116, omit_header=True, sort_output=True)
    return HEADER.format(language=language).encode() + buffer.getvalue()


def mo_bytes(po: bytes, language: str) -> bytes:
    """Compile a .po to .mo: the GNU form, without the dates and tool versions that other compilers put in."""
    texts = {str(entry.id): str(entry.string) for entry in read_po(io.BytesIO(po)) if entry.id and entry.string}
    texts[""] = ast.literal_eval("(" + HEADER.format(language=language).split("msgstr ")[1].strip() + ")")
    pairs = [(key.encode(), texts[key].encode()) for key in sorted(texts)]
    tables = 28
    at = tables + 16 * len(pairs)
    keys, values, body = b"", b"", b""
    for which in (0, 1):
        for pair in pairs:
            place = struct.pack("<2I", len(pair[which]), at + len(body))
            keys, values = (keys + place, values) if which == 0 else (keys, values + place)
            body += pair[which] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), tables, tables + 8 * len(pairs), 0, at)
    return head + keys + values + body


def placeholders(sentence: str) -> set[str]:
    """Return the names in braces of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def wrong_translations(catalogue: Catalog) -> list[str]:
    """List sentences whose translation names other values than they do."""
    wrong = []
    for entry in catalogue:
        if not entry.id or not entry.string:
            continue
        try:
            same = placeholders(str(entry.id)) == placeholders(str(entry.string))
        except ValueError:
            same = False
        if not same and "{" in str(entry.id):
            wrong.append(str(entry.id))
    return wrong


def main() -> int:
    """Run from the shell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--add", type=Path, metavar="FILE.json", help="merge translations from a JSON object")
    parser.add_argument("--language", default="zh", choices=SPOKEN_LANGUAGES)
    parser.add_argument("--check", action="store_true", help="change nothing, fail where something is missing")
    asked = parser.parse_args()
    sentences = all_sentences()
    catalogue = load(asked.language)
    if asked.add:
        for sentence, text in json.loads(asked.add.read_text(encoding="utf-8")).items():
            catalogue.delete(sentence)  # adding to a known sentence would keep its old translation
            catalogue.add(sentence, text)
    made = updated(catalogue, sentences, asked.language)
    missing = [str(entry.id) for entry in made if entry.id and not entry.string]
    wrong = wrong_translations(made)
    po = po_bytes(made, asked.language)
    path = po_path(asked.language)
    stale = not path.exists() or path.read_bytes() != po
    if not asked.check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po)
        path.with_suffix(".mo").write_bytes(mo_bytes(po, asked.language))
    print(json.dumps(dict.fromkeys(missing, ""), ensure_ascii=False, indent=0))
    print(f"{len(sentences)} sentences, {len(missing)} not translated, {len(wrong)} with other values", file=sys.stderr)
    for sentence in wrong:
        print(f"other values: {sentence!r}", file=sys.stderr)
    return 1 if wrong or (asked.check and (missing or stale)) else 0


if __name__ == "__main__":
    sys.exit(main())
