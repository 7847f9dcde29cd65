"""README.md lists the commands there are."""

import argparse
import re
from collections.abc import Iterator

from backend.__main__ import build_parser
from tests import ROOT

ROW = re.compile(r"^\| (`.+?) \| .+ \|$", re.M)


def test_every_command_is_listed_and_no_other() -> None:
    """With their parts: `admin users`, and after it `create` for `admin create`."""
    text = (ROOT / "README.md").read_text().split("## Running it")[1].split("\n## ")[0]
    listed = set()
    for cells in ROW.findall(text):
        words = [each.split() for each in re.findall(r"`([^`]+)`", cells)]
        names = [[word for word in each if re.fullmatch(r"[a-z][a-z-]*", word)] for each in words]
        group = names[0][:-1]
        listed |= {" ".join([*group, each[-1]]) for each in names}
    assert listed == set(commands(build_parser()))


def commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The names of a parser's commands, with those they are parts of."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, part in action.choices.items():
                below = list(commands(part))
                yield from (f"{name} {each}" for each in below)
                if not below:
                    yield name
