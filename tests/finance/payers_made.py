"""Payers and letters made up for tests of payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import strategies as st

from bluehelm.finance.behaviour import FloatArray
from bluehelm.finance.payers import BEHAVIOURS, Payer
from bluehelm.mission.months import Month
from bluehelm.norms import load_norms

NORMS = load_norms()
FIRST = Month(2023, 7)
ON = date(2023, 7, 1)


def payer(name: str, rate: object, behaviour: str = "punctual", **more: Any) -> Payer:
    """Make a payer, with what its behaviour needs."""
    given: dict[str, Any] = {"fiscal_month": 10} if behaviour == "fiscal" else {}
    given |= {"fiscal_month": 10, "cap_pct": Decimal(10)} if behaviour == "capped" else {}
    return Payer(payer=name, rate_pct=Decimal(str(rate)), behaviour=behaviour, **{**given, **more})


@st.composite
def payers(draw: st.DrawFn) -> tuple[Payer, ...]:
    """Draw up to 6 payers whose rates sum to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 1_000_000), max_size=5)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 1_000_000], strict=True)]
    return tuple(
        payer(f"p{i}", Decimal(part) / 10_000, draw(st.sampled_from(BEHAVIOURS)),
              arrears_usd=Decimal(draw(st.sampled_from(["0", "1234567.89"]))))
        for i, part in enumerate(parts)
    )  # fmt: skip


@st.composite
def letters(draw: st.DrawFn) -> FloatArray:
    """Draw letters of up to 3 missions and 20 months, in whole cents."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 20)))
    cents = draw(st.lists(st.integers(0, 10**11), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return np.array(cents, float).reshape(shape) / 100
