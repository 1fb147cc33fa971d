"""Backtest of siting: where bases would have stood, and how much of the violence that then came was within reach."""
