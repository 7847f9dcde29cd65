"""`python -m backend`: the command line."""

import argparse
import sqlite3
import sys
from collections.abc import Callable, Sequence

from backend import VERSION
from backend.commands import migrate
from backend.settings import BadSetting, Settings, read_settings
from backend.store.migrations import MigrationError
from backend.store.ownership import Owned

Command = Callable[[Settings, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code. What stops it is said in one line."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    command: Command = options.command
    try:
        return command(read_settings(), options)
    except (BadSetting, MigrationError, Owned, sqlite3.Error) as error:
        print(f"parley: {error}", file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(
        prog="python -m backend", description=f"Parley {VERSION}, a self-hosted chat backend."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "serve", "run the server", _serve)
    _add(commands, "check-config", "check the settings and print them", _check_config)
    parts = _add(commands, "migrate", "change the database's schema", None).add_subparsers(
        required=True, metavar="STEP"
    )
    _add(parts, "up", "apply what is missing", lambda s, o: migrate.up(s))
    step = _add(parts, "down", "take back the newest N", lambda s, o: migrate.down(s, o.n))
    step.add_argument("n", type=int, nargs="?", default=1, metavar="N")
    _add(parts, "status", "say what was applied", lambda s, o: migrate.status(s))
    step = _add(parts, "new", "lay down the next pair of files", lambda s, o: migrate.new(o.name))
    step.add_argument("name")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    command: Command | None,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    if command is not None:
        parser.set_defaults(command=command)
    return parser


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from backend.commands.serve import serve  # noqa: PLC0415  (other commands need no server)

    return serve(settings)


def _check_config(settings: Settings, options: argparse.Namespace) -> int:
    from backend.commands.check_config import check_config  # noqa: PLC0415

    return check_config(settings)


if __name__ == "__main__":
    sys.exit(main())
