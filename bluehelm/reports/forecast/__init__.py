"""Telling a forecast: its numbers read, its sections, its page. Import from the modules."""
