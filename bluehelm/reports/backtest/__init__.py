"""Telling a backtest of siting: every arm, every year, wins and losses. Import from the modules."""
