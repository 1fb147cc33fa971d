"""Figures of the report: one file each, as Vega-Lite specifications, drawn without a browser or a network."""
