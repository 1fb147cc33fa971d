"""Ensembles: one mission planned under thousands of settings. Import from the modules."""
