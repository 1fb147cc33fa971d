"""The record of a backtest read for its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bluehelm.errors import InvalidRecordError
from bluehelm.reports.backtest.names import ABLATION, ADAPTIVE, OWN, PAID_RECIPE, RECIPE, kind_of
from bluehelm.reports.scores.reading import verdict

FEW_DEATHS = 50
SATURATED_SHARE = 0.85
Row = Mapping[str, Any]


class BacktestReading:
    """Arms, years and differences, by what the report asks."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        if not record["rows"]:
            raise InvalidRecordError(
                "The backtest has no year that could be scored. Choose years with bases and events."
            )
        self.record = record
        self.arms: list[str] = [arm for arm in record["arms"] if any(row["arm"] == arm for row in record["rows"])]
        self.years: list[int] = sorted({row["year"] for row in record["rows"]})
        self._rows = {(row["arm"], row["year"]): row for row in record["rows"]}
        self._pooled = {row["arm"]: row for row in record["pooled"]}

    def row(self, arm: str, year: int) -> Row | None:
        """One arm in one planning year."""
        return self._rows.get((arm, year))

    def pooled(self, arm: str) -> Row | None:
        """One arm over all years."""
        return self._pooled.get(arm)

    def share(self, arm: str) -> float | None:
        """Share of deaths within reach over all years."""
        row = self.pooled(arm)
        return None if row is None else row["share_deaths"]

    def deaths(self, year: int) -> int:
        """Deaths of one-sided violence in the year scored."""
        return next((int(row["deaths"]) for (_, other), row in self._rows.items() if other == year), 0)

    def scored_year(self, year: int) -> int:
        """The year that is scored for a planning year."""
        return next((int(row["scored_year"]) for (_, other), row in self._rows.items() if other == year), year + 1)

    @property
    def few(self) -> list[int]:
        """Planning years whose scored year saw fewer deaths than a share can carry."""
        return [year for year in self.years if self.deaths(year) < FEW_DEATHS]

    @property
    def saturated(self) -> bool:
        """Whether the mission's own bases reach nearly everything, so that little is left to win."""
        own = self.share(OWN)
        return own is not None and own > SATURATED_SHARE

    def versus_own(self, arm: str, year: int) -> int | None:
        """1 where an arm reaches a larger share of deaths than the mission's own bases that year, -1 smaller, 0 the
        same; None where it is not known."""
        mine, own = self.row(arm, year), self.row(OWN, year)
        if mine is None or own is None or mine["share_deaths"] is None or own["share_deaths"] is None:
            return None
        gap = mine["share_deaths"] - own["share_deaths"]
        return 0 if abs(gap) < 1e-9 else 1 if gap > 0 else -1

    def wins(self, arm: str) -> tuple[int, int, int]:
        """Count years won, even and lost against the mission's own bases."""
        told = [self.versus_own(arm, year) for year in self.years]
        return told.count(1), told.count(0), told.count(-1)

    @property
    def differences(self) -> Sequence[Row]:
        """Pooled differences of arms, against the mission's own bases and against the recipe."""
        rows: Sequence[Row] = self.record["differences"]
        return rows

    def verdict(self, row: Row) -> str:
        """Say what the interval of a difference tells."""
        return verdict(row["share_deaths_low"], row["share_deaths_high"], less_is_better=False)

    def moving(self, start: str, moves: str = "2") -> str | None:
        """The arm of a kind (recipe, adaptive) to tell first: that with so many moves, else the last there is."""
        named = [arm for arm in self.arms if kind_of(arm) == start]
        return start + moves if start + moves in named else named[-1] if named else None

    @property
    def drawn(self) -> list[str]:
        """The arms drawn year by year: without those that may not move or lack a part, and of the
        recipes the one told first."""
        recipes = (self.moving(RECIPE), self.moving(PAID_RECIPE))
        return [
            arm for arm in self.arms
            if arm in recipes or not (arm.startswith((RECIPE, ABLATION)) or arm == f"{ADAPTIVE}0")
        ]  # fmt: skip

    @property
    def headline(self) -> list[str]:
        """The arms told on the first page."""
        wanted = (OWN, self.moving(RECIPE), self.moving(ADAPTIVE), "rigid", "random_towns", "oracle")
        return [arm for arm in wanted if arm in self.arms]
