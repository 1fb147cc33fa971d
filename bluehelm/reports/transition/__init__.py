"""Telling a transition: what leaves and when, who takes over, what breaks, the way back. Import from the modules."""
