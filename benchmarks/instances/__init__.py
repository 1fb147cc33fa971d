"""A public library of planning instances on scenario trees: generators with seeds, a written format, best answers.

README.md says what every array, column and row means, and how a solution is checked.
"""

VERSION = "1"
"""Changes whenever the arrays of any instance change."""

BRANCH = 3
STAGES = {13: 3, 40: 4, 121: 5, 364: 6}
"""Nodes of a tree with three children a node: stages that it has."""

SIZES = {"small": (20, 100), "medium": (40, 200), "large": (80, 1_000)}
"""Size of the ground: sites and areas."""
