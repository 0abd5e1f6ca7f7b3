"""Aura Flow, as far as an incident needs it: an API, its AI provider, its names, its callers.

Configured by the environment alone, so that it runs in a container as it runs here.
"""
