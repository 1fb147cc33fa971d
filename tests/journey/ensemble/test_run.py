"""An ensemble by hand, and what its folder holds."""

from __future__ import annotations

import json

import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError, MissionFilesError
from bluehelm.journey.ensemble import run as story
from bluehelm.journey.ensemble.run import ensemble
from tests.journey.ensemble.made import contents, written
from tests.planning import small


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ensemble")
    file = written(folder)
    told: list[tuple[int, int]] = []
    outcome = ensemble(file, folder / "out", engine="here", progress=lambda *numbers: told.append(numbers))
    return folder / "out", outcome, told


def test_each_setting_has_one_row_worked_out_by_hand(done):
    """300 USD a month pay for three companies of 100, half of it for one and a half: one leaves, the one at b, where
    least is lost. Deaths expected in two months: 12; a (6), b (2) and c (4, with the pledge) are answered."""
    _, outcome, _ = done
    table = outcome.table
    assert table["number"].to_list() == list(range(1, 9))
    by = {(row["receipts_scale"], row["pledges_share"], row["risk_scale"]): row for row in table.iter_rows(named=True)}
    for (receipts, pledges, risk), row in by.items():
        answered = {(0.5, 0.0): 6, (0.5, 1.0): 6, (1.0, 0.0): 10, (1.0, 1.0): 12}[receipts, pledges]
        assert row["deaths_expected"] == pytest.approx(12 * risk)
        assert row["deaths_not_answered"] == pytest.approx((12 - answered) * risk, abs=1e-6), row
        assert row["protected_share"] == pytest.approx(answered / 12)
        assert row["status"] == "within_gap" and row["priority_1_gap"] == 0


def test_progress_counts_from_nothing_to_all(done):
    assert done[2] == [(i, 8) for i in range(9)]


def test_the_tables_hold_the_same_and_the_run_files_stand_behind_them(done):
    folder, outcome, _ = done
    assert pl.read_parquet(folder / "results.parquet").equals(outcome.table)
    assert pl.read_csv(folder / "results.csv").height == 8
    for row in outcome.table.iter_rows(named=True):
        record = json.loads((folder / "runs" / f"{row['key']}.json").read_text("utf-8"))
        assert record["figures"]["cost_usd"] == row["cost_usd"]
        assert {"norms_hash", "solver", "options"} <= set(record["provenance"])
        assert record["provenance"]["options"]["threads"] == 1


def test_the_folder_says_what_it_is_without_clock_path_or_date(done):
    folder, _, _ = done
    manifest = json.loads((folder / "ensemble.json").read_text("utf-8"))
    assert len(manifest["settings"]) == manifest["points"] == 8
    assert {"input_hash", "norms_hash", "bluehelm", "solver", "seed"} <= set(manifest)
    for name, content in contents(folder).items():
        assert str(folder).encode() not in content, name


def test_the_same_file_gives_the_same_bytes(done, tmp_path):
    folder, _, _ = done
    ensemble(written(tmp_path), tmp_path / "out", engine="processes", workers=2)
    assert contents(tmp_path / "out") == contents(folder)


@pytest.mark.parametrize("axes", [
    '[[axis]]\nname = "risk_scale"\nlow = 0.5\nhigh = 2.0\n[[axis]]\nname = "tail"\nvalues = [0.0, 0.5]\n'
    '[[axis]]\nname = "pledges_seed"\nlow = 0\nhigh = 99\n',
])  # fmt: skip
def test_a_sample_covers_every_stretch_of_an_axis_once(tmp_path, monkeypatch, axes):
    monkeypatch.setattr(story, "ensemble_page", lambda _record, **_more: "")  # drawn slowly, and not read here
    file = written(
        tmp_path, axes, head='name = "S"\nmission = "mission"\ndesign = "latin_hypercube"\npoints = 4\nseed = 5\n'
    )
    table = ensemble(file, tmp_path / "out", engine="here").table
    assert sorted(int((value - 0.5) / 0.375) for value in table["risk_scale"]) == [0, 1, 2, 3]
    assert table["tail"].to_list().count(0.5) == 2
    assert table["pledges_seed"].dtype == pl.Int64


def test_a_setting_that_no_plan_fits_and_one_that_cannot_be_are_results(tmp_path):
    axes = (
        '[[axis]]\nname = "ceiling_scale"\nvalues = [0.1, 1.0]\n'
        '[[axis]]\nname = "norm.road_zero_reach_hours"\nvalues = [1.5, 2.0]\n'
        '[[axis]]\nname = "norm.road_full_reach_hours"\nvalues = [1.0, 1.8]\n'
    )
    stays = [small.unit("u1", "east", may_leave=False), small.unit("u2", "west")]
    file = written(tmp_path, axes, units=stays, ceilings=[small.ceiling(200)])
    outcome = ensemble(file, tmp_path / "out", engine="here")
    rows = {(row["ceiling_scale"], row["norm.road_zero_reach_hours"], row["norm.road_full_reach_hours"]): row
            for row in outcome.table.iter_rows(named=True)}  # fmt: skip
    for (scale, zero, full), row in rows.items():
        if zero < full:
            assert row["status"] == "refused" and "must be below" in row["sentence"]
        elif scale < 1:
            assert row["status"] == "refused" and row["cost_usd"] is None and row["sentence"]
        else:
            assert row["status"] == "within_gap" and row["cost_usd"] is not None
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "must be below" in page and "4 of 8" not in page and "2 of 8" not in page


def test_dask_gives_the_same_bytes(done, tmp_path):
    pytest.importorskip("distributed", reason="needs Dask: pip install 'bluehelm[dask]'")
    ensemble(written(tmp_path), tmp_path / "out", engine="dask", workers=1)
    assert contents(tmp_path / "out") == contents(done[0])


def test_a_mission_with_errors_is_told_before_anything_is_written(tmp_path):
    file = written(tmp_path)
    (tmp_path / "mission" / "areas.csv").write_text("nothing\n", "utf-8")
    with pytest.raises(MissionFilesError):
        ensemble(file, tmp_path / "out", engine="here")
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    for resume, told in ((False, "not empty.*--resume"), (True, "holds no ensemble")):
        with pytest.raises(InvalidRecordError, match=told):
            ensemble(written(tmp_path), tmp_path / "out", engine="here", resume=resume)
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name != ".lock"] == ["letter.txt"]
