"""Floors: bare servers on aiohttp and uvloop that do a scenario's work with no chat in it.

They share nothing with the product but its schema, its SQLite pragmas and the bytes on the wire,
so that a slower product never makes a slower floor.
"""
