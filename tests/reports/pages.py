"""What every page of a report must be, whatever it tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from bluehelm.reports.section import Figure
from tests.reports.test_html import Outline

RAW_KEYS = re.compile(
    r"self_exciting|sampled_history|last_value|history_average|recipe_|adaptive_|own_planning|own_scored|ablation_"
    r"|log_score|share_deaths|\bnan\b|NaN|Infinity|\bNone\b|\binf\b|\{\w+\}"
)


def hold_grammar(figures: Mapping[str, Figure]) -> None:
    """Hold figures against the grammar of Vega-Lite; a few rows of data stand for all."""
    altair = pytest.importorskip("altair")
    for figure in figures.values():
        altair.Chart.from_dict(_with_few_rows(figure.spec), validate=True)


def _with_few_rows(spec: Any) -> Any:
    if isinstance(spec, list):
        return [_with_few_rows(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    if isinstance(spec.get("data"), dict):
        spec = {**spec, "data": {"values": spec["data"]["values"][:2]}}
    return {key: _with_few_rows(value) for key, value in spec.items()}


def words_of(page: str) -> str:
    """The words of a page, without tags and styles."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)).replace("\xad", "")


def faults_of(page: str) -> list[str]:
    """List what is wrong with a page: open tags, links that lead nowhere, things fetched, raw keys."""
    outline = Outline()
    outline.feed(page)
    faults = [f"open or wrong tags: {outline.wrong + outline.open}"] if outline.wrong + outline.open else []
    if outline.headings.count("h1") != 1 or len(set(outline.ids)) != len(outline.ids):
        faults.append("not one title, or an id twice")
    faults += [f"link to nowhere: {link}" for link in outline.links if link.removeprefix("#") not in outline.ids]
    faults += [a for a in re.findall(r"https?://[^\s\"'<>)]+", page) if "www.w3.org" not in a]
    faults += re.findall(r"<(?:script|img|link|iframe)\b|@import|url\((?!#)", page)
    faults += [f"raw: {hit[0]}" for hit in RAW_KEYS.finditer(words_of(page))]
    if "NaN" in page:
        faults.append("NaN in a drawing")
    if page.count("<figure>") != page.count('<svg role="img" aria-label="') or 'aria-label=""' in page:
        faults.append("a figure does not say what it shows")
    faults += [f"no sentence after {tag}" for tag in re.findall(r"<h2 id=.*?</h2>\s*<(\w+)", page) if tag != "p"]
    return faults
