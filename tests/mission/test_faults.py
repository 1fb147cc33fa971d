"""Every fault is told at once, graded, in its place, with what was expected and what to do next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bluehelm.mission import events, tables
from bluehelm.mission.faults import Fault
from bluehelm.mission.folder import find_faults
from bluehelm.mission.template import write_template
from bluehelm.words import say


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_template(tmp_path / "m")
    return tmp_path / "m"


HERE = -1


def change(path: Path, before: str, after: str) -> int:
    """Put a slip into a file, and say in which line."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def errors(folder: Path) -> list[Fault]:
    return [fault for fault in find_faults(folder)[1] if fault.grade == "error"]


def warnings(folder: Path) -> list[Fault]:
    mission, faults = find_faults(folder)
    assert mission is not None, [str(fault) for fault in faults]
    return list(faults)


@pytest.mark.parametrize(
    "name", ["mission.toml", "mandate.toml", "areas.csv", "sites.csv", "units.csv", "pledges.csv", "budget.csv"]
)
def test_a_missing_file_is_told_once_and_nothing_is_said_of_what_hangs_on_it(folder, name):
    (folder / name).unlink()
    assert [(fault.file, fault.message) for fault in errors(folder)] == [(name, "File '{file}' is missing.")]


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "column", "said"),
    [
        ("areas.csv", "120000,1.5", "12 km,1.5", 2, "population_persons", "'12 km', a number followed by text"),
        ("areas.csv", "60000,2.8", '60000,"2,8"', 3, "fatalities_per_month", "a number with a comma"),
        ("areas.csv", "13.45", "113.45", 2, "latitude_deg", "out of its range"),
        ("areas.csv", "13.45", "nan", 2, "latitude_deg", "not such a number"),
        ("areas.csv", "120000", "-1", 2, "population_persons", "out of its range"),
        ("areas.csv", "120000", "1200.5", 2, "population_persons", "not such a number"),
        ("areas.csv", "bela,Bela", ",Bela", 3, "area_id", "is blank"),
        ("areas.csv", "bela,Bela", "adiri,Bela", 3, "area_id", "stands twice"),
        ("sites.csv", "company_base", "compny_base", 3, "kind", "Did you mean 'company_base'?"),
        ("sites.csv", "yes,yes,invented", "yes,perhaps,invented", 3, "may_close", "yes or no was expected"),
        ("units.csv", "adiri_hq,180", "adiri_hqq,180", 2, "site_id", "Did you mean 'adiri_hq'?"),
        ("units.csv", "180,invented", "180,invnted", 2, "source", "Did you mean 'invented'?"),
        ("units.csv", "2027-02", "02/2027", 9, "arrives", "not a month"),
        ("units.csv", "2027-02", "2027-14", 9, "arrives", "not a month"),
        ("pledges.csv", "2027-12-31", "31.12.2027", 2, "expires_on", "not a day"),
        ("pledges.csv", "2027-12-31", "2026-12-31", 2, "expires_on", "before available_from"),
        ("budget.csv", "12000000", "12 million", 2, "amount_usd", "Write 12 alone"),
        ("budget.csv", "2027-01,2027-12,7500000", "2027-12,2027-01,7500000", 3, "last_month", "before first_month"),
        ("budget.csv", "receipt", "opening_cash", 3, "kind", "a second time"),
        ("routes.csv", "enara,road", "enarra,road", 2, "to_place", "Did you mean 'enara'?"),
        ("nodes.csv", "0.6", "0.5", 3, "probability", "add up to 0.9"),
        ("nodes.csv", "calm,2027-07", "clam,2027-07", 4, "parent_id", "Did you mean 'calm'?"),
        ("nodes.csv", "2027-04,3,0.6", "2027-05,2,0.6", 3, "first_month", "its parent 'now' ends before 2027-04"),
        ("nodes.csv", "2027-07,6,1,", "2027-07,5,1,", 4, "months", "reaches up to 2027-12"),
        ("nodes.csv", "now,,", "now,worse,", 2, "parent_id", "every node names a parent"),
        ("nodes.csv", "calm,now", "calm,", 3, "parent_id", "has no parent, and neither has 'now'"),
        ("nodes.csv", "ceasefire_holds", "ceasefire_hold", 4, "conditions", "Did you mean 'ceasefire_holds'?"),
        ("restrictions.csv", "no_consent,foro", "no_consent,fooro", 2, "what", "Did you mean 'foro'?"),
        ("restrictions.csv", "no_consent,foro", "site_lost,foro", 2, "what", "not in sites.csv"),
        ("restrictions.csv", "no_consent", "noconsent", 2, "kind", "Did you mean 'no_consent'?"),
        ("restrictions.csv", "2027-12", "2027-09", 2, "until_month", "before from_month"),
        ("restrictions.csv", "2027-12,,", "2027-12,ceasefire_hold,", 2, "when", "Did you mean 'ceasefire_holds'?"),
        ("restrictions.csv", "grounded,air,2027-05", "no_consent,foro,2027-10", 3, "what", "stands twice"),
        ("restrictions.csv", "until_month", "until_mnth", 1, "until_mnth", "Did you mean 'until_month'?"),
        ("budget.csv", "ceasefire_holds", "ceasefire_hold", 8, "when", "Did you mean 'ceasefire_holds'?"),
        (
            "budget.csv",
            "assumed,,on the day",
            "assumed,ceasefire_holds,on the day",
            2,
            "when",
            "the same in every future",
        ),
        ("risk.csv", "2.5", "2.5 deaths", 2, "fatalities_per_month", "Write 2.5 alone"),
        ("risk.csv", "caro", "carro", 0, "area_id", "Did you mean 'caro'?"),
        ("risk.csv", "2027-07", "2027-06", 0, "area_id", "stands more than once"),
        ("events.csv", "2026-07-02", "2026-7-2", 3, "date", "not a day"),
        ("events.csv", "one_sided", "onesided", 3, "kind", "Did you mean 'one_sided'?"),
        ("events.csv", "13.16", "91", 3, "latitude_deg", "out of its range"),
        ("hindsight_closures.csv", "closed", "shut", 2, "deed", "closed, opened"),
        ("mission.toml", "months = 12", "months = 1200", HERE, "months", "out of its range"),
        (
            "mission.toml",
            'first_month = "2027-01"',
            "first_month = 2027-01-01",
            HERE,
            "first_month",
            "of the wrong kind",
        ),
        ("mission.toml", "months = 12", "mnths = 12", HERE, "mnths", "Did you mean 'months'?"),
        ("mission.toml", '["SDN"]', '["Sudan"]', HERE, "countries", "three capital letters"),
        ("mission.toml", "# protection_q = 0.4", "protection_q = nan", HERE, "protection_q", "Amendment"),
        ("mandate.toml", "persons = 1200", "persons = true", HERE, "persons", "of the wrong kind"),
        ("mandate.toml", 'zones = ["east"]', 'zones = ["eas"]', HERE, "zones", "Did you mean 'east'?"),
        ("mandate.toml", 'areas = ["adiri"]', 'areas = ["adri"]', HERE, "areas", "Did you mean 'adiri'?"),
        (
            "mandate.toml",
            "valid_until = 2027-12-31",
            "valid_until = 2026-12-31",
            HERE,
            "valid_until",
            "before the first month",
        ),
        ("mandate.toml", 'tasks = ["mediate"]', 'tasks = ["meditate"]', HERE, "tasks", "Did you mean 'mediate'?"),
        ("mandate.toml", 'tasks = ["mediate"]', "tasks = []", HERE, "tasks", "is blank"),
        ("mandate.toml", 'full_month = "2027-12"', 'full_month = "2027-06"', HERE, "full_month", "before from_month"),
        ("mandate.toml", "share_low = 0.3", "share_low = 0.7", HERE, "share_low", "above share_full (0.5)"),
        ("mandate.toml", "share_full = 0.5", "share_full = 0.7", HERE, "share_full", "above share_high (0.6)"),
        ("mandate.toml", "share_start = 0.1", "share_start = 0.55", HERE, "share_start", "above share_full (0.5)"),
        ("mandate.toml", "share_full = 0.5", "share_full = 1.5", HERE, "share_full", "out of its range"),
        (
            "mandate.toml",
            '"un_country_team" ',
            '"country_team" ',
            HERE,
            "actor_kind",
            "Did you mean 'un_country_team'?",
        ),
        ("mandate.toml", "[[handover]]", "[[handoff]]", HERE, "handoff", "Did you mean 'handover'?"),
        ("mandate.toml", "[[ceiling]]", "[[celing]]", HERE, "celing", "Did you mean 'ceiling'?"),
        (
            "mandate.toml",
            'when = "ceasefire_holds"             #',
            'when = "ceasefire" #',
            HERE,
            "when",
            "Did you mean 'ceasefire_holds'?",
        ),
        ("mandate.toml", "[[condition]]", "[[condition]", HERE, "", "not valid TOML"),
    ],
)
def test_a_slip_is_found_in_its_place(folder, file, before, after, line, column, said):
    changed = change(folder / file, before, after)
    found = errors(folder)
    line = changed if line == HERE else line
    assert (file, line, column) in {(fault.file, fault.line, fault.column) for fault in found}, list(map(str, found))
    assert any(said in str(fault) for fault in found), list(map(str, found))


def test_all_faults_are_told_at_once(folder):
    change(folder / "areas.csv", "120000,1.5", "many,some")
    change(folder / "sites.csv", "13.46,22.47", "north,east")
    change(folder / "mandate.toml", "persons = 1200", "persons = -1")
    (folder / "pledges.csv").unlink()
    assert len(errors(folder)) == 6


def test_a_row_with_a_fault_is_still_known_by_its_name(folder):
    change(folder / "sites.csv", "13.46", "?")
    assert [fault.column for fault in errors(folder)] == ["latitude_deg"]


def test_a_fault_is_ready_for_json_and_for_people(folder):
    change(folder / "areas.csv", "120000", "\x07{name}%s" + "9" * 500)
    (fault,) = errors(folder)
    told = json.loads(json.dumps(fault.as_dict()))
    assert told["grade"] == "error"
    assert told["expected"] == "A whole number was expected, in person."
    assert len(told["value"]) < 250
    assert told["value"].isprintable()


def test_columns_are_matched_with_the_nearest_name(folder):
    change(folder / "areas.csv", "latitude_deg", "latitude")
    said = " ".join(map(str, errors(folder)))
    assert "Did you mean 'latitude_deg'?" in said
    assert "Column 'latitude_deg' is missing" in said


def test_repeated_columns_are_refused(folder):
    change(folder / "areas.csv", "area_id,name", "area_id,area_id")
    assert any("stands twice" in str(fault) for fault in errors(folder))


def test_ragged_rows_are_counted(folder):
    change(folder / "areas.csv", "the largest town", "the largest, oldest town")
    (fault,) = errors(folder)
    assert str(fault).startswith("areas.csv:2: Line 2 of 'areas.csv' has 11 cells; its header has 10 columns."), fault


def test_an_open_quotation_mark_is_told_where_it_opens(folder):
    change(folder / "areas.csv", "Bela and its camp", '"Bela and its camp')
    assert (errors(folder)[0].file, errors(folder)[0].line) == ("areas.csv", 3)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        ("area_id,名\n".encode("gb18030"), "not UTF-8"),
        ("area_id\n".encode("utf-16"), "not UTF-8"),
        (b"area_id,name\na,b\0c\n", "zero byte in line 2"),
        (b"\xff" * 100, "not UTF-8"),
    ],
)
@pytest.mark.parametrize("name", ["areas.csv", "risk.csv", "events.csv"])
def test_a_file_that_is_no_table_is_told(folder, name, raw, said):
    (folder / name).write_bytes(raw)
    found = [fault for fault in errors(folder) if fault.file == name]
    assert any(said in str(fault) for fault in found) or (not raw.strip() and found), list(map(str, found))


@pytest.mark.parametrize("name", ["mission.toml", "areas.csv", "routes.csv", "risk.csv", "events.csv"])
def test_folders_loops_and_pipes_in_place_of_a_file_are_told(folder, name):
    import os

    for put in (lambda path: path.mkdir(), lambda path: path.symlink_to(path.name), os.mkfifo):
        path = folder / name
        path.rmdir() if path.is_dir() else path.unlink()
        put(path)
        assert name in {fault.file for fault in errors(folder)}


@pytest.mark.parametrize("name", ["areas.csv", "risk.csv", "events.csv"])
def test_marks_semicolons_tabs_and_windows_line_ends_are_read_with_a_warning(folder, name):
    plain, _ = find_faults(folder)
    text = (folder / name).read_text(encoding="utf-8")
    for separator in ";\t":
        odd = "\ufeff" + text.replace(",", separator).replace("\n", "\r\n")
        (folder / name).write_bytes(odd.encode())
        mission, faults = find_faults(folder)
        assert mission == plain
        assert [fault.grade for fault in faults if fault.file == name] == ["warning"] * 3


def test_chinese_headers_are_read_with_a_warning(folder):
    from bluehelm.mission.chinese_headers import CHINESE_NAMES

    plain, _ = find_faults(folder)
    for path in folder.glob("*.csv"):
        header, _, rest = path.read_text(encoding="utf-8").partition("\n")
        path.write_text(",".join(CHINESE_NAMES[name] for name in header.split(",")) + "\n" + rest, encoding="utf-8")
    assert find_faults(folder)[0] == plain
    assert all("was read as" in fault.message for fault in warnings(folder))


def test_rows_that_are_blank_are_passed_over(folder):
    plain, _ = find_faults(folder)
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "," * text.partition("\n")[0].count(",") + "\n\n", encoding="utf-8")
    assert find_faults(folder) == (plain, ())


def test_empty_tables_are_told(folder):
    for name in ("areas.csv", "sites.csv", "units.csv", "pledges.csv", "budget.csv"):
        (folder / name).write_text((folder / name).read_text().partition("\n")[0] + "\n")
    found = {fault.file: fault.grade for fault in find_faults(folder)[1] if "no rows" in fault.message}
    assert found == {"areas.csv": "error", "sites.csv": "error", "budget.csv": "warning"}
    assert any("neither units nor pledges" in fault.message for fault in errors(folder))


def test_a_misspelt_file_is_told_with_the_nearest_name(folder):
    (folder / "routes.csv").rename(folder / "route.csv")
    assert any("Did you mean 'routes.csv'?" in str(fault) for fault in warnings(folder))


def test_a_table_that_is_too_large_is_told_without_being_read(folder, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES", 200)
    monkeypatch.setattr(events, "MOST_BYTES", 100)
    told = {fault.file: str(fault) for fault in errors(folder)}
    assert "At most 0 MB are read." in told["areas.csv"]
    assert "At most 0 MB are read." in told["events.csv"]


def test_two_gigabytes_of_events_are_refused_at_once(folder):
    with (folder / "events.csv").open("r+b") as file:
        file.truncate(2 * 2**30)
    (fault,) = errors(folder)
    assert str(fault).startswith("events.csv: 'events.csv' holds 2048 MB. At most 512 MB are read.")


def test_a_column_that_is_wrong_everywhere_is_told_a_few_times_and_counted(folder):
    (folder / "risk.csv").write_text(
        "area_id,month,fatalities_per_month,source,status\n" + "caro,2027-06,many,invented,assumed\n" * 100
    )
    found = [fault for fault in errors(folder) if fault.column == "fatalities_per_month"]
    assert len(found) == 6
    assert "95 more cells" in str(found[-1])


def test_a_file_with_countless_faults_is_told_up_to_a_limit(folder):
    header = (folder / "areas.csv").read_text().partition("\n")[0]
    (folder / "areas.csv").write_text(header + "\n" + "x\n" * 5_000)
    found = [fault for fault in errors(folder) if fault.file == "areas.csv"]
    assert len(found) == tables.MOST_FAULTS_PER_FILE + 1
    assert "4000 more faults" in str(found[-1])


def test_both_forms_of_events_are_refused(folder):
    (folder / "events.parquet").write_bytes(b"PAR1")
    assert any("two files of events" in fault.message for fault in errors(folder))


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("units.csv", "adiri_hq,180", "dumat_hospital,180", "a hospital of a partner"),
        ("units.csv", "adiri_hq,180", "foro_base,180", "not open at the start"),
        (
            "units.csv",
            "dumat_hq,140,invented,assumed,2027-02",
            "foro_base,140,invented,assumed,2027-02",
            "cannot be open yet",
        ),
        ("sites.csv", ",no,2,takes casualties", ",no,0,takes casualties", "has hospital_level 0"),
        ("mandate.toml", 'areas = ["adiri"]', 'taken_over_by = "police"', "only one of taken_over_by"),
        ("mission.toml", "[6, 7, 8, 9]", "[6, 6]", "names a month twice"),
        ("mission.toml", "[6, 7, 8, 9]", "[13]", "out of its range"),
    ],
)
def test_rows_that_contradict_others_are_errors(folder, file, before, after, said):
    change(folder / file, before, after)
    assert any(said in str(fault) for fault in errors(folder)), list(map(str, find_faults(folder)[1]))


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        (
            "sites.csv",
            "foro_base,Temporary base Foro,temporary_base,east",
            "foro_base,Temporary base Foro,temporary_base,south",
            "which no area names",
        ),
        ("sites.csv", "assumed,2027-03,", "assumed,,", "can never open"),
        ("sites.csv", "assumed,2027-03,", "assumed,2028-03,", "changes nothing"),
        ("units.csv", "the only aircraft", "", "without a reason"),
        ("units.csv", "assumed,2027-02", "assumed,2026-02", "taken to be in place"),
        ("mandate.toml", "valid_until = 2027-12-31", "valid_until = 2027-06-30", "as if it were renewed"),
        ("mandate.toml", 'starts = "2027-04"', 'starts = "2028-04"', "changes nothing"),
        (
            "budget.csv",
            "2027-07,2027-12,60000000",
            "2027-09,2027-12,60000000",
            "No appropriation covers 2027-07 to 2027-08",
        ),
        (
            "budget.csv",
            "appropriation,2027-07,2027-12,60000000,invented,assumed,,first half of the next fiscal year\n",
            "",
            "covers 2027-07 to 2027-12",
        ),
        ("restrictions.csv", "2027-10,invented,assumed,2027-12", "2028-01,invented,assumed,", "changes nothing"),
        ("restrictions.csv", "2027-05,invented,assumed,2027-05", "2026-05,invented,assumed,2026-06", "changes nothing"),
        (
            "mandate.toml",
            'zones = ["east"]                     # left out: all zones\nfrom_month',
            'zones = ["west"]\nfrom_month',
            "none of its tasks is asked in west",
        ),
        ("pledges.csv", "2027-02,2027-12-31", "2028-02,2028-12-31", "changes nothing"),
        ("risk.csv", "2027-06", "2029-06", "outside the months planned"),
    ],
)
def test_rows_that_change_nothing_or_surprise_are_warnings(folder, file, before, after, said):
    change(folder / file, before, after)
    assert any(said in str(fault) for fault in warnings(folder)), list(map(str, find_faults(folder)[1]))


def test_a_circle_of_parents_is_told_once(folder):
    change(folder / "nodes.csv", "calm,now", "calm,calm_later")
    assert sum("in a circle" in fault.message for fault in errors(folder)) == 1


def test_the_sentences_of_a_fault_take_all_their_values(folder):
    change(folder / "areas.csv", "120000", "{value}{nothing}")
    for fault in find_faults(folder)[1]:
        for text in (fault.message, fault.expected, fault.next_step):
            assert say(text, **fault.values)
