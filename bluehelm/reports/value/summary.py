"""The first page: what adaptability is worth, in people and money, and how surely."""

from __future__ import annotations

from bluehelm.reports.numbers import NOTHING, decimal, money, month_name, percent, signed, together
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.reports.value.names import arm_name, difference_name
from bluehelm.reports.value.reading import MAIN_DIFFERENCES, Row, ValueReading, deaths, proven, saved
from bluehelm.words import say


def summary_of_value(reading: ValueReading) -> Summary:
    """Tell what adaptability is worth on one page, in the language in use."""
    record = reading.record
    lines = [
        Line(say("Adaptability"), adaptability_sentence(reading)),
        Line(say("Planning over futures"), _vss(reading)),
        Line(say("Foresight"), _evpi(reading)),
        Line(say("Worst futures"), _tail(reading)),
        Line(say("How sure"), _sure(reading)),
        Line(say("What this is not"), say(
            "Deaths averted are expected deaths that a presence in reach can answer in time, by the model: no forecast "
            "of lives saved. Ways to plan are compared on one tree of futures, with assumed figures among the inputs. "
            "Nothing here says who deserves protection.")),
    ]  # fmt: skip
    return Summary(
        say("What adaptability is worth: {mission}", mission=record["mission"]),
        say("{months} {months:month|months} from {first}; {nodes} {nodes:node|nodes}, {futures} "
            "{futures:future|futures}; without anyone {deaths} {deaths:death|deaths} expected.",
            months=record["months"], first=month_name(record["first_month"]), nodes=record["nodes"],
            futures=len(record["futures"]), deaths=deaths(record["deaths_if_nobody_answered"])),
        tuple(_tile(reading, name) for name in MAIN_DIFFERENCES),
        tuple(line for line in lines if line.text),
    )  # fmt: skip


def _tile(reading: ValueReading, name: str) -> Tile:
    row = reading.difference(name)
    if row is None:
        return Tile(NOTHING, difference_name(name), "")
    told = say("deaths averted; proven: {span}", span=proven(row)) if row["low"] is not None else say(
        "deaths averted, as found; nothing proven")  # fmt: skip
    return Tile(deaths(row["deaths"]), difference_name(name), told)


def adaptability_sentence(reading: ValueReading) -> str:
    """Say in one sentence what adaptability is worth."""
    months = reading.record["months"]
    if reading.nothing_to_learn:
        return say("The futures of this tree do not differ, so nothing can be learned on the way: adaptability is "
                   "worth nothing here, 0 deaths and USD 0.")  # fmt: skip
    row = reading.difference("adaptability")
    if row is None:
        impossible = [note for note in reading.notes("impossible") if note["arm"] == "rigid"]
        told = " ".join(impossible[0]["conflict"]) if impossible else ""
        return together(say("No rigid plan was found that fits every future; one that adapts was."), told)
    told = _interval(row)
    usd = row["cost_usd"]
    if round(abs(usd) / 1e6, 1) == 0:
        return say("Adaptability is worth {deaths} {deaths:death|deaths} averted ({interval}) for about the same "
                   "money over {months} "
                   "months.", deaths=deaths(row["deaths"]), interval=told, months=months)  # fmt: skip
    if usd > 0:
        return say("Adaptability is worth {deaths} {deaths:death|deaths} averted ({interval}) and {money} over "
                   "{months} {months:month|months}.",
                   deaths=deaths(row["deaths"]), interval=told, money=money(usd), months=months)  # fmt: skip
    return say("Adaptability is worth {deaths} {deaths:death|deaths} averted ({interval}) over {months} "
               "{months:month|months}, and costs {money} "
               "more.", deaths=deaths(row["deaths"]), interval=told, money=money(-usd), months=months)  # fmt: skip


def _interval(row: Row) -> str:
    return say("as found, not proven") if row["low"] is None else say("proven: {span}", span=proven(row))


def _vss(reading: ValueReading) -> str:
    if reading.nothing_to_learn:
        return ""
    row, stuck = reading.difference("vss"), reading.notes("stuck")
    if stuck:
        told = say("Planning step by step for the mean ends at node '{node}': no plan was found that fits what had "
                   "been decided before.", node=stuck[0]["node"])  # fmt: skip
        return together(told, " ".join(stuck[0]["conflict"]))
    if row is None:
        return ""
    values = {"deaths": deaths(abs(row["deaths"])), "interval": _interval(row), "cost": saved(row["cost_usd"])}
    if _no_deaths(row["deaths"]):
        return say("Planning over all futures leaves as many deaths unanswered as planning step by step for their mean "
                   "({interval}), and costs {cost}.", **values)  # fmt: skip
    if row["deaths"] < 0:
        return say("Planning over all futures leaves {deaths} {deaths:death|deaths} more unanswered than planning step "
                   "by step for their mean ({interval}), and costs {cost}.", **values)  # fmt: skip
    return say("Planning over all futures leaves {deaths} {deaths:death|deaths} fewer unanswered than planning step by "
               "step for their mean ({interval}), and costs {cost}.", **values)  # fmt: skip


def _evpi(reading: ValueReading) -> str:
    row = reading.difference("evpi")
    if row is None or reading.nothing_to_learn:
        return ""
    if _no_deaths(row["deaths"]):
        return say("Whoever knew the future from the first month would leave as many deaths unanswered as the adaptive "
                   "plan ({interval}).", interval=_interval(row))  # fmt: skip
    return say("Whoever knew the future from the first month would leave {deaths} {deaths:death|deaths} fewer "
               "unanswered than the adaptive plan ({interval}).",
               deaths=deaths(row["deaths"]), interval=_interval(row))  # fmt: skip


def _tail(reading: ValueReading) -> str:
    row = reading.difference("adaptability")
    if row is None or reading.nothing_to_learn:
        return ""
    tail = row["tail_deaths"]
    share = percent(reading.tail_share, 0)
    if _no_deaths(tail):
        return say("Over the worst {share} of the futures the adaptive plan leaves as many deaths unanswered as the "
                   "rigid one.", share=share)  # fmt: skip
    if tail > 0:
        return say("Over the worst {share} of the futures the adaptive plan leaves {deaths} {deaths:death|deaths} "
                   "fewer unanswered than the rigid one.", share=share, deaths=deaths(tail))  # fmt: skip
    return say(
        "Over the worst {share} of the futures the adaptive plan leaves {deaths} {deaths:death|deaths} more "
        "unanswered than the rigid "
        "one: it plans for the mean. 'bluehelm plan --tail' plans for the worst.",
        share=share,
        deaths=deaths(-tail),
    )


def _sure(reading: ValueReading) -> str:
    told = []
    row = reading.difference("adaptability")
    if row is not None and row["low"] is not None and row["low"] <= 0 < row["high"]:
        told.append(say("What is proven leaves it open whether adaptability is worth anything here."))
    if reading.notes("protection_first"):
        told.append(say("For this comparison protection is put before the other tasks of its priority, so that the "
                        "first bound is one on deaths."))  # fmt: skip
    told += _unproven(reading, row)
    stopped = [arm_name(row["arm"]) for row in reading.arms if row["status"] != "within_gap"]
    if stopped:
        told.append(say("Stopped before the asked gap was reached: {arms}. More seconds make the intervals narrower.",
                        arms=say("; ").join(stopped)))  # fmt: skip
    for note in reading.notes("taken_over"):
        told.append(say("The search for the adaptive plan ended above “{arm}”, which an adaptive plan may follow too; "
                        "that plan is taken.", arm=arm_name(note["from"])))  # fmt: skip
    if not told:
        told.append(say("Every plan is proven to the asked gap; the intervals say what that leaves open."))
    return together(*told)


def _unproven(reading: ValueReading, row: Row | None) -> list[str]:
    """Say why some or all figures are as found."""
    why = reading.record["unproven_because"]
    if why == "not_first":
        return [say("Protection is not alone in the mandate's first priority, so no interval of deaths is proven: "
                    "figures are as found.")]  # fmt: skip
    if why != "minimum_shares":
        return []
    if row is None or row["low"] is None:
        return [say("Minimum shares of tasks come before protection, and the plans found do not all meet them in full, "
                    "so no interval of deaths is proven: figures are as found.")]  # fmt: skip
    return [say("Minimum shares of tasks come before protection and hold on average over all futures. What "
                "adaptability is worth is proven among plans that meet them; of planning step by step and of foresight "
                "nothing is.")]  # fmt: skip


def _no_deaths(number: float) -> bool:
    """Say whether deaths are told as none."""
    return deaths(number) == deaths(0.0)


def gap_of(row: Row) -> str:
    """Write the gap of an arm."""
    return percent(row["gap"], 2)


def arm_cells(row: Row) -> tuple[str, ...]:
    """Write the figures of one way to plan."""
    return (
        arm_name(row["arm"]), deaths(row["deaths"]), percent(row["protected_share"]), deaths(row["deaths_tail"]),
        deaths(row["deaths_worst"]), decimal(row["cost_usd"] / 1e6, 2), gap_of(row),
    )  # fmt: skip


def difference_cells(row: Row) -> tuple[str, ...]:
    """Write the figures of one difference."""
    return (
        difference_name(row["name"]), deaths(row["deaths"]), proven(row), signed(decimal(row["tail_deaths"], 1)),
        signed(decimal(row["worst_deaths"], 1)), signed(decimal(row["cost_usd"] / 1e6, 2)),
    )  # fmt: skip
