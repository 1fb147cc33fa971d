from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bluehelm.reports.extras import ReportExtras, Told, Yardstick
from bluehelm.reports.html import write_report
from bluehelm.words import LANGUAGES
from tests.reports.example_extras import example_extras
from tests.reports.example_plan import example_plan

VOID = {"meta", "link", "br", "img", "path", "rect", "line", "circle", "wbr"}


class Outline(HTMLParser):
    """Tags that stay open, ids, targets of links, and headings of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]
        self.headings += [tag] if tag in ("h1", "h2", "h3") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(tag)


def report(folder: Path, language: str = "en", branches: int = 1, extras: ReportExtras | None = None) -> str:
    return write_report(
        example_plan(branches), folder / f"{language}.html", language=language, extras=extras
    ).read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    return report(tmp_path_factory.mktemp("report"), request.param, extras=example_extras())


def test_report_is_well_formed_with_one_title_and_links_that_lead_somewhere(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert outline.wrong == [] and outline.open == []
    assert outline.headings[0] == "h1" and outline.headings.count("h1") == 1
    assert len(set(outline.ids)) == len(outline.ids)
    assert {link.removeprefix("#") for link in outline.links} <= set(outline.ids)


def test_report_fetches_nothing(page: str) -> None:
    addresses = [a for a in re.findall(r"https?://[^\s\"'<>)]+", page) if "www.w3.org" not in a]
    assert addresses == []
    assert not re.search(r"<(script|img|link|iframe)\b|@import|url\((?!#)", page)


def test_every_figure_says_what_it_shows_and_every_table_has_a_caption(page: str) -> None:
    assert page.count("<figure>") == page.count('<svg role="img" aria-label="') == 8
    assert page.count("<table>") == page.count("<caption>") > 10


def test_unverified_figures_are_flagged_in_words_and_not_by_colour_only(page: str) -> None:
    assert page.count('class="flag"') >= 8
    assert "protection_q ● " in page and "road_speed_wet_km_per_hour ▲ " in page


def test_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    assert report(tmp_path, extras=example_extras()) == report(tmp_path, extras=example_extras())


def test_report_without_extras_says_what_was_not_worked_out(tmp_path: Path) -> None:
    page = report(tmp_path)
    assert "No gap list was worked out for this report." in page
    assert "Norms were not listed for this report" in page


def test_report_on_several_futures_says_which_one_it_tells(tmp_path: Path) -> None:
    page = report(tmp_path, branches=2)
    assert "The plan prepares for 2 futures" in page and "chance 70%" in page


def test_every_section_opens_with_a_sentence(page: str) -> None:
    for section in re.findall(r"<h2 id=.*?</h2>\s*<(\w+)", page):
        assert section == "p"


def test_reasons_for_closing_are_not_told_of_a_site_that_opens(tmp_path: Path) -> None:
    reasons = {"spring": "Nobody is left there.", "dune": "It is quiet."}
    page = report(tmp_path, extras=ReportExtras(closure_reasons=reasons))
    assert "It is quiet." in page and "Nobody is left there." not in page


def test_norms_and_provenance_are_told_in_words(page: str) -> None:
    assert "protection_<wbr>q" in page and "0.5<br>0.3 … 0.7" in page
    assert '<td class="l">bluehelm</td>' not in page


def test_yardsticks_in_words_stand_in_one_table(tmp_path: Path) -> None:
    page = report(tmp_path, extras=example_extras())
    assert "<caption>Plan and yardsticks in words</caption>" in page and "Dune Wells, River Crossing" in page


def test_no_chinese_sentence_is_followed_by_a_space(tmp_path: Path) -> None:
    page = report(tmp_path, "zh", extras=example_extras())
    assert not re.search(r"。 [\u4e00-\u9fff]", page)


def test_words_of_a_mission_cannot_break_the_page(tmp_path: Path) -> None:
    rule = Yardstick(name="x", title="<b>& co</b>", protected_share=0.1, protected_deaths=1, cost_usd=1, moves=0)
    page = report(tmp_path, extras=ReportExtras(yardsticks=(rule,)))
    assert "<b>&" not in page and "&lt;b&gt;&amp; co" in page


def test_chinese_report_speaks_chinese(tmp_path: Path) -> None:
    page = report(tmp_path, "zh", extras=example_extras())
    assert '<html lang="zh-Hans">' in page and "认捐" in page
    told = ReportExtras(notes=(Told("{count} sites close.", {"count": 3}),))
    assert "3 sites close." in report(tmp_path, "zh", extras=told)
