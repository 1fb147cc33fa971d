"""Telling how well forecasts did: scores beside yardsticks, calibration, what came. Import from the modules."""
