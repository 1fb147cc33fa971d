"""Telling an ensemble: what moves protection and cost, run by run. Import from the modules."""
