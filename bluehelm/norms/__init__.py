"""Norms: dated, sourced values with their ranges, and the rules that use them."""

from __future__ import annotations

from bluehelm.norms.entry import Entry, Norm
from bluehelm.norms.norms import Norms, load_norms
from bluehelm.norms.ranges import AssumedRange, assumed_ranges
from bluehelm.norms.rules import rule, trace

__all__ = ["AssumedRange", "Entry", "Norm", "Norms", "assumed_ranges", "load_norms", "rule", "trace"]
