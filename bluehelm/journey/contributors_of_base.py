"""Which country supplies which unit of a base, where maps tell only how many persons each country has there."""

from __future__ import annotations

from dataclasses import dataclass

from bluehelm.mission.importers.base import Base


@dataclass
class Contributors:
    """Countries that supply a base, handed out from the largest contingent down; blank once none is left."""

    sized: list[tuple[str, int]]
    unsized: list[str]

    @classmethod
    def of(cls, base: Base) -> Contributors:
        """Sort the contributors of a base."""
        sized = sorted(((name, n) for name, n in base.contributors.items() if n), key=lambda pair: (-pair[1], pair[0]))
        return cls(sized, sorted(name for name, n in base.contributors.items() if not n))

    def take(self, persons: int) -> list[tuple[str, int]]:
        """Hand out persons, country by country."""
        given = []
        while persons > 0 and self.sized:
            name, left = self.sized.pop(0)
            part = min(left, persons)
            given.append((name, part))
            persons -= part
            if left > part:
                self.sized.insert(0, (name, left - part))
        return [*given, ("", persons)] if persons > 0 else given

    def take_one(self, persons: int) -> str:
        """Name the country of one unit: that of most of its persons."""
        return max(self.take(persons), key=lambda pair: pair[1], default=("", 0))[0]

    def take_unsized(self) -> str:
        """Name the next country whose contingent has no size on the map."""
        return self.unsized.pop(0) if self.unsized else ""
