from __future__ import annotations

import gzip
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.geo.borders import Border, as_geojson, country_of, read_borders


def square(west, south, size=2.0):
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code, *polygons, **properties):
    geometry = {"type": "MultiPolygon", "coordinates": [list(polygon) for polygon in polygons]}
    return {"type": "Feature", "properties": {"iso3": code, **properties}, "geometry": geometry}


def written(folder, features, name="borders.geojson", **members):
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8")
    return path


@pytest.fixture
def neighbours(tmp_path):
    """Return AAA with a lake and an island, and BBB east of it."""
    lake = square(0.5, 0.5, 0.5)
    path = written(tmp_path, [feature("AAA", [square(0, 0), lake], [square(0, 5, 1)]), feature("BBB", [square(2, 0)])])
    return read_borders(path)


def test_points_lie_in_the_country_that_holds_them(neighbours):
    found = country_of([1.5, 1.0, 5.5, 1.0], [1.5, 3.0, 0.5, 4.1], neighbours)
    assert found.tolist() == ["AAA", "BBB", "AAA", ""]


def test_a_lake_in_the_polygon_is_outside(neighbours):
    assert country_of([0.75], [0.75], neighbours).tolist() == [""]


def test_the_tolerance_takes_points_of_the_nearest_country(neighbours):
    # 0.1 degrees of longitude at the equator are 11.1 km.
    assert country_of([1.0], [4.1], neighbours, tolerance_km=11.0).tolist() == [""]
    assert country_of([1.0], [4.1], neighbours, tolerance_km=11.3).tolist() == ["BBB"]
    assert country_of([2.05, 2.05], [1.95, 2.05], neighbours, tolerance_km=50).tolist() == ["AAA", "BBB"]


def test_a_point_inside_is_never_moved_by_the_tolerance(neighbours):
    assert country_of([1.0], [2.001], neighbours, tolerance_km=100).tolist() == ["BBB"]


@given(st.lists(st.tuples(st.floats(-1, 6), st.floats(-1, 5)), min_size=1, max_size=30))
def test_many_points_are_found_as_each_alone(points):
    borders = [
        Border("AAA", "A", False, ((np.array(square(0, 0)),),)),
        Border("BBB", "B", False, ((np.array(square(2, 0)),),)),
    ]
    lat, lon = np.array(points).T
    together = country_of(lat, lon, borders, 20.0).tolist()
    assert together == [country_of([y], [x], borders, 20.0).item() for y, x in points]


def test_no_points_have_no_country(neighbours):
    assert country_of([], [], neighbours, 5.0).shape == (0,)
    assert country_of([1.0], [1.0], []).tolist() == [""]


def test_disputed_ground_without_a_code_holds_no_points(tmp_path):
    borders = read_borders(written(tmp_path, [feature("", [square(0, 0)], disputed=True, name="Glacier")]))
    assert borders[0].disputed
    assert country_of([1.0], [1.0], borders, 5.0).tolist() == [""]


@pytest.mark.parametrize(("lat", "lon"), [(math.nan, 0), (91, 0), (0, 181), (0, math.inf)])
def test_points_that_cannot_be_are_refused(neighbours, lat, lon):
    with pytest.raises(InvalidRecordError, match=r"1 of 2 values \(positions \[1\]\)"):
        country_of([0, lat], [0, lon], neighbours)


@pytest.mark.parametrize("tolerance_km", [-1.0, math.inf, math.nan])
def test_a_tolerance_that_cannot_be_is_refused(neighbours, tolerance_km):
    with pytest.raises(InvalidRecordError, match="tolerance_km"):
        country_of([0], [0], neighbours, tolerance_km)


def test_borders_are_written_and_read_back_unchanged(neighbours, tmp_path):
    path = tmp_path / "again.geojson"
    path.write_text(json.dumps(as_geojson(neighbours)), encoding="utf-8")
    assert as_geojson(read_borders(path)) == as_geojson(neighbours)


def test_compressed_files_and_byte_order_marks_are_read(tmp_path):
    path = written(tmp_path, [feature("AAA", [square(0, 0)])])
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    packed = tmp_path / "packed.geojson.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [border.iso3 for each in (marked, packed) for border in read_borders(each)] == ["AAA", "AAA"]


@pytest.mark.parametrize("key", ["ISO3CD", "ISO_A3", "shapeGroup"])
def test_codes_are_found_under_the_keys_of_common_publishers(tmp_path, key):
    shape = {"type": "Polygon", "coordinates": [square(0, 0)]}
    path = written(tmp_path, [{"type": "Feature", "properties": {key: "SDN"}, "geometry": shape}])
    assert read_borders(path)[0].iso3 == "SDN"


def test_heights_are_left_out(tmp_path):
    ring = [[*point, 300.0] for point in square(0, 0)]
    assert read_borders(written(tmp_path, [feature("AAA", [ring])]))[0].rings[0].shape == (5, 2)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (feature("aaa", [square(0, 0)]), "code is 'aaa'"),
        (feature("", [square(0, 0)]), "code is ''"),
        (feature("AAA", [square(0, 0)[:4]]), "not closed"),
        (feature("AAA", [[[0, 0], [1, 1], [0, 0]]]), "not closed"),
        (feature("AAA", [square(500_000, 0)]), "leaves 180 degrees"),
        (feature("AAA", [square(0, 89)]), "leaves 180 degrees"),
        (feature("AAA", [[[179, 0], [-179, 0], [-179, 1], [179, 0]]]), "180th meridian"),
        (feature("AAA", [[["x", 0], [1, 0], [1, 1], ["x", 0]]]), "pairs of numbers"),
        (feature("AAA", [[[math.nan, 0], [1, 0], [1, 1], [math.nan, 0]]]), "not closed"),
        (feature("AAA", [[1, 2, 3]]), "pairs of numbers"),
        (feature("AAA", []), "no ring"),
        (feature("AAA"), "with coordinates"),
        ({"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [0, 0]}}, "code is ''"),
        ({"type": "Feature", "properties": {"iso3": "AAA"}, "geometry": None}, "no geometry"),
        ({"type": "Feature", "properties": ["AAA"], "geometry": {"type": "Polygon"}}, "no properties"),
        (
            {"type": "Feature", "properties": {"iso3": "AAA"}, "geometry": {"type": "Point", "coordinates": [0, 0]}},
            "'Point'",
        ),
        ("AAA", "no geometry"),
    ],
)
def test_a_feature_that_cannot_be_used_is_named_with_its_reason(tmp_path, wrong, said):
    path = written(tmp_path, [feature("BBB", [square(0, 0)]), wrong])
    with pytest.raises(ImportFileError, match=r"1 of 2 features .* Feature 2: ") as raised:
        read_borders(path)
    assert said in str(raised.value)


def test_many_wrong_features_are_counted_and_the_first_five_named(tmp_path):
    path = written(tmp_path, [feature("", [square(0, 0)])] * 7)
    with pytest.raises(ImportFileError, match="7 of 7 features") as raised:
        read_borders(path)
    assert "Feature 5:" in str(raised.value)
    assert "Feature 6:" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not GeoJSON"),
        (b"{", "not GeoJSON"),
        (b"\xff\xfe\x00", "not GeoJSON"),
        (b"[" * 100_000, "not GeoJSON"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "Topology", "objects": {}}', "'Topology'"),
        (b'{"type": "FeatureCollection", "features": []}', "one feature or more"),
        (b'{"type": "FeatureCollection"}', "one feature or more"),
    ],
)
def test_a_file_that_is_not_geojson_is_refused(tmp_path, content, said):
    path = tmp_path / "borders.geojson"
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=said):
        read_borders(path)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"{}" * 1000, mtime=0)[:20]])
def test_a_broken_compressed_file_is_refused(tmp_path, content):
    path = tmp_path / "borders.geojson.gz"
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=r"borders\.geojson\.gz"):
        read_borders(path)


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "none.geojson", tmp_path):
        with pytest.raises(ImportFileError, match="cannot be read"):
            read_borders(path)


def test_other_coordinates_than_wgs_84_are_refused(tmp_path):
    shapes = [feature("AAA", [square(0, 0)])]
    web, degrees = ({"type": "name", "properties": {"name": name}} for name in ("EPSG::3857", "OGC:1.3:CRS84"))
    with pytest.raises(ImportFileError, match="EPSG:4326"):
        read_borders(written(tmp_path, shapes, crs=web))
    assert read_borders(written(tmp_path, shapes, crs=degrees))
