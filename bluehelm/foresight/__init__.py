"""From events to areas and risk: who can be harmed, where, and how much violence is expected."""
