"""What the unverified norms can change."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, Sensitivity, read
from bluehelm.reports.figures.sensitivity import spread
from bluehelm.reports.names import status_name, unit_of
from bluehelm.reports.numbers import millions, percent, plain, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say


def sensitivity(reading: Reading, extras: ReportExtras) -> Section:
    """Show what planning again at both ends of each norm changes."""
    title = say("What the unverified norms can change")
    if not extras.sensitivities:
        return Section("sensitivity", title, (Words(say("The range of the norms was not tried for this report.")),))
    rows = sorted(extras.sensitivities, key=lambda s: (-spread(s), s.norm_key))
    headings = (say("Norm"), say("Status"), say("Value"), say("Low … high"), say("Harm protected, low … high"),
                say("Cost, low … high (million USD)"), say("Other closures, low … high"))  # fmt: skip
    table = Table(say("The mission planned again at both ends of each norm"), "lsrrrrr", headings,
                  tuple(_row(one) for one in rows))  # fmt: skip
    told = [Words(say("{name}: {text}", name=s.norm_key, text=read(s.sentence))) for s in rows if s.sentence]
    intro = Words(say("Each norm that is recalled or assumed is put at its low and at its high end, and the mission "
                      "is planned again. The plan survives a norm if the same sites close and protection hardly "
                      "moves."))  # fmt: skip
    return Section("sensitivity", title, (intro, Shown("sensitivity"), table, *told))


def _row(one: Sensitivity) -> tuple[str, ...]:
    return (
        one.norm_key, status_name(one.status), f"{plain(one.value)} {unit_of(one.unit)}".strip(),
        f"{plain(one.low)} … {plain(one.high)}",
        f"{percent(one.protected_share_low)} … {percent(one.protected_share_high)}",
        f"{millions(one.cost_low)} … {millions(one.cost_high)}",
        f"{whole(one.closures_changed_low)} … {whole(one.closures_changed_high)}",
    )  # fmt: skip
