"""Sections of the report: one file each, each a function from a reading and extras to a `Section`."""
