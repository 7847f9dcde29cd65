"""Handlers, as the functions they are."""
