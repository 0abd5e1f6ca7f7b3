"""Changing a target: evidence first, then the action, then the proof of its effect."""
