"""The report of a plan that was adapted: what changes now, what can wait, what is lost, and what it costs."""
