"""Reads the tour out of the README: shell commands, and lines typed into terminals."""

import re
from typing import NamedTuple

from tests import ROOT

README = ROOT / "README.md"


class Step(NamedTuple):
    """One fenced block: `terminal` is empty for plain commands."""

    language: str
    terminal: str
    lines: list[str]


def steps(port: int) -> list[Step]:
    """The blocks of the README in order; only the port is another."""
    found = re.findall(r"^```(\w+)(?: terminal=(\w+))?\n(.*?)^```", README.read_text(), re.S | re.M)
    return [
        Step(language, terminal, text.replace("localhost:8000", f"localhost:{port}").splitlines())
        for language, terminal, text in found
    ]
