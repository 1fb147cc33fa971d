"""Faults of time: months in the wrong order, rows outside the months planned, months that no money covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bluehelm.mission.draft import Draft
from bluehelm.mission.faults import Fault, warning
from bluehelm.mission.mission import Setting
from bluehelm.mission.months import Month
from bluehelm.mission.tables import Row


def timing_faults(draft: Draft) -> Iterator[Fault]:
    """Find everything that comes too early, too late or in the wrong order."""
    yield from _wrong_order(draft)
    if draft.mission_toml.setting is None:
        return
    setting = draft.mission_toml.setting.record
    yield from _mandate_time(draft, setting)
    yield from _outside_horizon(draft, setting)
    yield from _arrivals(draft, setting)
    yield from _budget_time(draft, setting)
    yield from _risk_time(draft, setting)


def last_month(setting: Setting) -> Month:
    """Last month planned."""
    return setting.first_month + (setting.months - 1)


def _wrong_order(draft: Draft) -> Iterator[Fault]:
    for line in draft.budget:
        if line.record.last_month < line.record.first_month:
            yield _order(line, "first_month", "last_month")
    for task in draft.mandate_toml.task:
        if task.record.ends is not None and task.record.ends < task.record.starts:
            yield _order(task, "starts", "ends")
    for row in draft.restrictions:
        if row.record.until_month is not None and row.record.until_month < row.record.from_month:
            yield _order(row, "from_month", "until_month")
    for handover in draft.mandate_toml.handover:
        if handover.record.full_month < handover.record.from_month:
            yield _order(handover, "from_month", "full_month")
    for pledge in draft.pledges:
        if Month.of(pledge.record.expires_on) < pledge.record.available_from:
            yield _order(pledge, "available_from", "expires_on")
    head = draft.mandate_toml.head
    if head is not None and head.record.valid_until < head.record.adopted_on:
        yield _order(head, "adopted_on", "valid_until")


def _order(row: Row[Any], first: str, last: str) -> Fault:
    return row.error(
        last,
        "{last} is {value}, before {first} ({other}).",
        "{last} was expected in the same month as {first} or later.",
        "Correct one of the two.",
        first=first,
        last=last,
        other=str(getattr(row.record, first)),
    )


def _mandate_time(draft: Draft, setting: Setting) -> Iterator[Fault]:
    head = draft.mandate_toml.head
    if head is None:
        return
    ends = Month.of(head.record.valid_until)
    if ends < setting.first_month:
        yield head.error(
            "valid_until",
            "The mandate ends on {value}, before the first month planned ({month}).",
            "A mandate in force in the first month was expected.",
            "Correct valid_until, or first_month in mission.toml.",
            month=str(setting.first_month),
        )
    elif ends < last_month(setting):
        yield head.warning(
            "valid_until",
            "The mandate ends on {value}; the months after it are planned as if it were renewed unchanged.",
            "A mandate in force until {month} was expected.",
            "Plan fewer months, or keep in mind that the rest needs a new resolution.",
            month=str(last_month(setting)),
        )


def _outside_horizon(draft: Draft, setting: Setting) -> Iterator[Fault]:
    """Warn of rows that change nothing, because the months planned never meet them."""
    first, last = setting.first_month, last_month(setting)
    for task in draft.mandate_toml.task:
        if task.record.starts > last or (task.record.ends is not None and task.record.ends < first):
            yield _never(task, "starts", first, last)
    for table, column in (
        (draft.mandate_toml.ceiling, "from_month"), (draft.mandate_toml.site_limit, "from_month"),
        (draft.mandate_toml.floor, "from_month"), (draft.sites, "opens_from"), (draft.units, "arrives"),
        (draft.pledges, "available_from"), (draft.budget, "first_month"), (draft.restrictions, "from_month"),
        (draft.mandate_toml.handover, "from_month"),
    ):  # fmt: skip
        for row in table:
            month = getattr(row.record, column)
            if month is not None and month > last:
                yield _never(row, column, first, last)
    for pledge in draft.pledges:
        if Month.of(pledge.record.expires_on) < first:
            yield _never(pledge, "expires_on", first, last)
    for restriction in draft.restrictions:
        if restriction.record.until_month is not None and restriction.record.until_month < first:
            yield _never(restriction, "until_month", first, last)
    for line in draft.budget:
        if line.record.last_month < first and line.record.kind != "opening_cash":
            yield _never(line, "last_month", first, last)


def _never(row: Row[Any], column: str, first: Month, last: Month) -> Fault:
    return row.warning(
        column,
        "{column} is {value}, so the row changes nothing: {first} to {last} are planned.",
        "A month from {first} to {last} was expected.",
        "Correct the month, plan more months, or leave the row for a later plan.",
        first=str(first),
        last=str(last),
    )


def _arrivals(draft: Draft, setting: Setting) -> Iterator[Fault]:
    opens = {row.record.site_id: row.record for row in draft.sites}
    for row in draft.units:
        arrives, site = row.record.arrives, opens.get(row.record.site_id)
        if arrives is None:
            continue
        if arrives < setting.first_month:
            yield row.warning(
                "arrives",
                "Unit '{unit}' arrives in {value}, before the first month planned; it is taken to be in place.",
                "A month from {first} on was expected for a unit on its way.",
                "Leave arrives blank for a unit in place.",
                unit=row.record.unit_id,
                first=str(setting.first_month),
            )
        if site is not None and not site.open_at_start and (site.opens_from is None or site.opens_from > arrives):
            yield row.error(
                "arrives",
                "Unit '{unit}' arrives at '{site}' in {value}, when that site cannot be open yet.",
                "A site that is open, or may open by then, was expected.",
                "Correct arrives, or opens_from of the site.",
                unit=row.record.unit_id,
                site=site.site_id,
            )


def _budget_time(draft: Draft, setting: Setting) -> Iterator[Fault]:
    opening = [row for row in draft.budget if row.record.kind == "opening_cash"]
    for row in opening[1:]:
        yield row.error(
            "kind",
            "opening_cash stands a second time; the first is in line {line_first}.",
            "One line of opening cash was expected.",
            "Add the two amounts in one line.",
            line_first=opening[0].line,
        )
    for row in opening:
        if row.record.when:
            yield row.error(
                "when",
                "opening_cash hangs on the condition '{value}'.",
                "Cash on the day before the first month was expected to be the same in every future.",
                "Leave when blank, and give what differs as receipts.",
            )
    approved = sorted(
        (row for row in draft.budget if row.record.kind == "appropriation"),
        key=lambda row: (row.record.first_month, row.line),
    )
    covered_until = setting.first_month + -1
    for row in approved:
        if row.record.first_month > covered_until + 1 and covered_until < last_month(setting):
            yield _uncovered(covered_until + 1, min(row.record.first_month + -1, last_month(setting)))
        covered_until = max(covered_until, row.record.last_month)
    if approved and covered_until < last_month(setting):
        yield _uncovered(covered_until + 1, last_month(setting))


def _uncovered(first: Month, last: Month) -> Fault:
    return warning(
        "budget.csv",
        "No appropriation covers {first} to {last}; spending in these months is not limited by one.",
        "Appropriations for every month planned were expected.",
        "Add a line, with status assumed if it is not decided yet.",
        column="first_month",
        first=str(first),
        last=str(last),
    )


def _risk_time(draft: Draft, setting: Setting) -> Iterator[Fault]:
    if draft.risk is None:
        return
    months = draft.risk.get_column("month")
    outside = months.filter((months < str(setting.first_month)) | (months > str(last_month(setting))))
    if len(outside):
        yield warning(
            "risk.csv",
            "{count} {count:row|rows} of '{file}' {count:lies|lie} outside the months planned, such as "
            "{value}, and {count:changes|change} nothing.",
            "Months from {first} to {last} were expected.",
            "Correct the months, or leave the rows for a later plan.",
            column="month",
            value=outside[0],
            count=len(outside),
            first=str(setting.first_month),
            last=str(last_month(setting)),
        )
