"""Hexagonal cells as areas: those with a place or an event, with the people of all in them."""

from __future__ import annotations

import importlib.util

import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.cell_areas import cell_areas
from tests.foresight.made import events

NO_EVENTS = events()

needs_h3 = pytest.mark.skipif(importlib.util.find_spec("h3") is None, reason="needs H3, which is not installed here")


def towns(*rows):
    names = ("name", "latitude_deg", "longitude_deg", "population_persons")
    return pl.DataFrame(list(rows), schema=names, orient="row").with_columns(kind=pl.lit("town"))


@needs_h3
def test_places_in_one_cell_are_one_area_named_by_the_largest():
    near = towns(("Small", 10.0, 20.0, 50), ("Large", 10.001, 20.001, 900), ("Far", 12.0, 22.0, 70))
    areas = cell_areas(near, NO_EVENTS, 5)
    assert areas["name"].to_list() == ["Large", "Far"]
    assert areas["population_persons"].to_list() == [950, 70]
    assert abs(areas["latitude_deg"][0] - 10) < 0.15 and abs(areas["longitude_deg"][0] - 20) < 0.15


@needs_h3
def test_a_finer_grid_never_has_fewer_cells_and_keeps_the_people():
    spread = towns(*((f"T{i}", 5 + i * 0.07, 20 + i * 0.05, 100 + i) for i in range(40)))
    counts = [cell_areas(spread, NO_EVENTS, resolution) for resolution in (2, 3, 4, 5, 6)]
    assert [len(areas) for areas in counts] == sorted(len(areas) for areas in counts)
    assert {areas["population_persons"].sum() for areas in counts} == {spread["population_persons"].sum()}


def test_a_resolution_out_of_range_is_refused():
    with pytest.raises(InvalidRecordError, match="2 to 7"):
        cell_areas(None, NO_EVENTS, 12)


@needs_h3
def test_nothing_there_is_refused():
    with pytest.raises(InvalidRecordError, match="0 cells"):
        cell_areas(None, pl.DataFrame(schema=NO_EVENTS.schema), 5)
