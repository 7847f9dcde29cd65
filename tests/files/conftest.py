"""Servers with settings of their own."""

from tests.guarantees.conftest import serve

__all__ = ["serve"]
