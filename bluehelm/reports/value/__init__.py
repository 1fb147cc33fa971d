"""The report of what adaptability is worth."""
