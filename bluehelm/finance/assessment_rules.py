"""The rules by which assessments are made, each with its name and source, so that a refusal can quote them."""

from __future__ import annotations

from dataclasses import dataclass

from bluehelm.errors import RuleError


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can refuse: its name as one sentence, and who says so."""

    sentence: str
    source: str


ADDS_UP = Rule("the regular rates of all Member States add up to 100 per cent", "A/RES/73/271, A/RES/76/238")
ONE_RATE_EACH = Rule("every Member State has one regular rate and one level", "A/RES/55/235, A/RES/76/238")
NOT_NEGATIVE = Rule(
    "a rate is a share of expenses, 0 or more", "Charter of the United Nations, Article 17, paragraph 2"
)
TEN_LEVELS = Rule(
    "a State is at one of the levels A to J, with the discount of that level", "A/RES/55/235, A/RES/64/249"
)
PERMANENT_MEMBERS = Rule(
    "level A is the permanent members of the Security Council: they have no discount and bear all discounts",
    "A/RES/55/235, A/RES/64/249",
)
LEAST_DEVELOPED = Rule("least developed countries are at level J", "A/RES/55/235")
UPWARD_ONLY = Rule("a State may move of its own will to a higher level only", "A/RES/55/235, A/RES/55/236, recalled")
LISTED_ONLY = Rule(
    "level C, and any exception, is for States that the General Assembly lists", "A/RES/55/235, recalled"
)
DECIDED_RATES = Rule(
    "only rates that the General Assembly has decided are applied, each for its own three years", "A/RES/76/238"
)
AUTHORISED_PERIOD = Rule(
    "a State is assessed only for the period that the Security Council has authorised",
    "resolutions of the General Assembly on the financing of each operation, recalled",
)
ONE_PERIOD_ONE_LETTER = Rule(
    "a letter of assessment covers one authorised period, in one fiscal year, on one scale",
    "resolutions of the General Assembly on the financing of each operation, recalled",
)
DOLLARS = Rule(
    "contributions are assessed and paid in United States dollars, to the cent",
    "Financial Regulations and Rules of the United Nations, recalled",
)
CREDITS_BACK = Rule(
    "what a closed year left over goes back to Member States by the rates at which they were assessed for it",
    "resolutions of the General Assembly on the financing of each operation, recalled",
)


def broken(rule: Rule, message: str, **values: object) -> RuleError:
    """Return the error that says what a rule refuses, with its name and source."""
    return RuleError(message, rule.sentence, rule.source, **values)
