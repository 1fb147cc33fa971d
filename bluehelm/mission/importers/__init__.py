"""Readers of files that come from elsewhere: events, bases, contributions, populated places.

Each reader keeps the columns it needs, says in one error all that stands in the way, and returns what it
mended or assumed as warnings or notes beside the data.
"""
