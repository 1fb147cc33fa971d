"""What the scripts of the mission Darfur 2017 read: handwritten rows, and files beside the project."""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
from datetime import date
from pathlib import Path

ROWS = tomllib.loads((Path(__file__).parent / "darfur_2017.toml").read_text(encoding="utf-8"))
FIRST_DAY = date(2017, 1, 1)

Row = dict[str, str]


def read_csv(path: Path) -> list[Row]:
    """Read a CSV file, packed or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def deployment_map(shared: Path) -> dict[str, Row]:
    """Return the map of December 2016, one row per location."""
    rows = read_csv(shared / "data/geopko/geopko_v21_location_map_dev.csv.gz")
    return {r["location"]: r for r in rows if (r["mission"], r["year"], r["month"]) == ("UNAMID", "2016", "12")}
