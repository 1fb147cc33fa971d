"""Telling: a plan as a report, figures and a map layer, in the reader's language.

Import from the modules: `html.write_report`, `summary.summary_text`, `pictures.write_figures`, `geojson.write_geojson`,
`extras.ReportExtras`. They load their libraries only when used.
"""
