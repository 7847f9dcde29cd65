"""Parley: a self-hosted chat backend."""

VERSION = "0.1.0"
