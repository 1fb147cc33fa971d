"""What the unverified norms can change."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, Sensitivity, read
from bluehelm.reports.figures.sensitivity import spread
from bluehelm.reports.names import status_name, with_unit
from bluehelm.reports.numbers import listing, millions, percent, plain, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say


def sensitivity(reading: Reading, extras: ReportExtras) -> Section:
    """Show what planning again at both ends of each norm changes."""
    title = say("What the unverified norms can change")
    if not extras.sensitivities:
        return Section("sensitivity", title, (Words(say("The range of the norms was not tried for this report.")),))
    rows = sorted(extras.sensitivities, key=lambda s: (-spread(s), s.norm_key))
    headings = (say("Norm"), say("Status"), say("Value, and its range"), say("Harm protected, low … high"),
                say("Cost, low … high (million USD)"),
                say("Sites that close or stay otherwise, low … high"))  # fmt: skip
    table = Table(say("The mission planned again at both ends of each norm"), "lsrrrr", headings,
                  tuple(_row(extras, one) for one in rows))  # fmt: skip
    intro = Words(say("Each norm that is recalled or assumed is put at its low and at its high end, and the mission "
                      "is planned again. The plan survives a norm if the same sites close and protection hardly "
                      "moves."))  # fmt: skip
    return Section("sensitivity", title, (intro, Shown("sensitivity"), table, *_told(rows)))


def _told(rows: list[Sensitivity]) -> list[Words]:
    """Say what follows from the norms, those of which the same is said together."""
    said: dict[str, list[str]] = {}
    for one in rows:
        if one.sentence:
            said.setdefault(read(one.sentence), []).append(one.norm_key)
    return [Words(say("{name}: {text}", name=listing(keys), text=text)) for text, keys in said.items()]


def _row(extras: ReportExtras, one: Sensitivity) -> tuple[str, ...]:
    meaning = extras.meaning_of(one.norm_key)
    return (
        f"{meaning}\n{one.norm_key}" if meaning else one.norm_key,
        status_name(one.status), f"{with_unit(one.value, one.unit)}\n{plain(one.low)} … {plain(one.high)}",
        f"{percent(one.protected_share_low)} … {percent(one.protected_share_high)}",
        f"{millions(one.cost_low)} … {millions(one.cost_high)}",
        f"{whole(one.closures_changed_low)} … {whole(one.closures_changed_high)}",
    )  # fmt: skip
