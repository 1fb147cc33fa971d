"""The template is a whole mission, the dictionary names every column, and every column has a Chinese name."""

from __future__ import annotations

import tomllib

from bluehelm.mission.chinese_headers import CHINESE_NAMES, FIELD_OF_CHINESE_NAME
from bluehelm.mission.columns import columns_of
from bluehelm.mission.dictionary import data_dictionary
from bluehelm.mission.draft import BULK_TABLES, FILES, OPTIONAL_TABLES, REQUIRED_TABLES, SIDE_FILES
from bluehelm.mission.folder import find_faults
from bluehelm.mission.mandate import Ceiling, Condition, Floor, Handover, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Setting
from bluehelm.mission.template import template_files, write_template
from bluehelm.mission.toml_files import MANDATE_LISTS

RECORDS = (
    Setting, Mandate, Condition, Ceiling, SiteLimit, Task, Floor, Handover, *REQUIRED_TABLES.values(),
    *OPTIONAL_TABLES.values(), *BULK_TABLES.values(),
)  # fmt: skip
FIELDS = {one.name for record in RECORDS for one in columns_of(record)} - set(MANDATE_LISTS)


def test_the_template_has_every_file_and_no_fault(tmp_path):
    write_template(tmp_path / "m")
    assert {path.name for path in (tmp_path / "m").iterdir()} == {*FILES, "README.md"} - {"events.parquet", *SIDE_FILES}
    mission, faults = find_faults(tmp_path / "m")
    assert mission is not None
    assert faults == ()


def test_the_template_explains_every_key_that_may_surprise():
    files = template_files()
    assert all(text.count("#") > 10 for name, text in files.items() if name.endswith(".toml"))
    assert tomllib.loads(files["mission.toml"])["months"] == 12


def test_the_dictionary_names_every_file_and_column():
    page = data_dictionary()
    assert all(f"`{file}`" in page for file in FILES)
    assert all(f"| `{name}` |" in page for name in FIELDS)
    assert "| `latitude_deg` | 纬度 | number, -90 to 90 | ° north, WGS 84 | latitude |" in page


def test_every_column_has_a_chinese_name_of_its_own():
    assert set(CHINESE_NAMES) == FIELDS
    assert len(FIELD_OF_CHINESE_NAME) == len(CHINESE_NAMES)
