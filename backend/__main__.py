"""`parley`, or `python -m backend` where it is not installed: the command line."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from backend import VERSION
from backend.commands import migrate
from backend.commands.admin import parser as admin
from backend.commands.backup import backup
from backend.commands.check import check
from backend.commands.check_config import check_config
from backend.commands.database import CannotDo
from backend.commands.demo import demo
from backend.commands.export import export
from backend.commands.import_ import import_
from backend.commands.move import move
from backend.commands.restore import restore
from backend.protocol.errors import Refused
from backend.settings import BadSetting, Settings, read_settings
from backend.store.engine.faults import DatabaseError
from backend.store.engine.ownership import Owned
from backend.store.migrations import MigrationError

Command = Callable[[Settings, argparse.Namespace], int]

SAID = (BadSetting, MigrationError, Owned, CannotDo, Refused, *DatabaseError, OSError)
INTERRUPTED = 130  # what a shell gives for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code. What stops it is said in one line."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    command: Command = options.command
    try:
        return command(read_settings(), options)
    except SAID as error:
        print(f"parley: {_said(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(
        prog=_program(), description=f"Parley {VERSION}, a self-hosted chat backend."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    server = _add(commands, "serve", "run the server", _serve)
    text = "be ready while another serves, and go on when it has drained: a deploy"
    server.add_argument("--wait", action="store_true", help=text)
    _add(commands, "demo", "fill an empty database with people to try it with", _demo)
    admin.add_to(commands)
    look = _add(commands, "top", "show what a running server does, live", _top)
    look.add_argument("--every", type=float, default=2, metavar="S", help="seconds (2)")
    look.add_argument("--count", type=int, metavar="N", help="how often (until it is stopped)")
    look.add_argument("--port", type=int, metavar="PORT", help="where METRICS is 0")
    copy = _add(commands, "backup", "copy the database, also while a server runs", _backup)
    copy.add_argument("file", metavar="FILE", help="a file that is not there yet")
    copy = _add(commands, "restore", "put a backup in the database's place", _restore)
    copy.add_argument("file", metavar="FILE", help="what 'backup' has made")
    lines = _add(commands, "export", "write all there is as lines of JSON", _export)
    lines.add_argument("file", metavar="FILE", help="a file that is not there yet")
    lines = _add(commands, "import", "fill an empty database from such lines", _import)
    lines.add_argument("file", metavar="FILE", help="what 'export' has written, or a like one")
    rows = _add(commands, "move", "copy all there is to another database", _move)
    rows.add_argument("--to", required=True, metavar="WHERE", help="a URL, or a SQLite file's path")
    _add(commands, "check", "check that the database is whole", lambda s, o: check(s))
    _add(commands, "check-config", "check the settings and print them", _check_config)
    _add_migrate(commands)
    return parser


def _program() -> str:
    """What was typed to run it."""
    name = Path(sys.argv[0]).stem
    return name if name == "parley" else "python -m backend"


def _add_migrate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parts = _add(commands, "migrate", "change the database's schema", None).add_subparsers(
        required=True, metavar="STEP"
    )
    _add(parts, "up", "apply what is missing", lambda s, o: migrate.up(s))
    step = _add(parts, "down", "take back the newest N", lambda s, o: migrate.down(s, o.n))
    step.add_argument("n", type=int, nargs="?", default=1, metavar="N")
    _add(parts, "status", "say what was applied", lambda s, o: migrate.status(s))
    step = _add(parts, "new", "lay down the next pair of files", lambda s, o: migrate.new(o.name))
    step.add_argument("name")


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

    return serve(settings, wait=options.wait)


def _top(settings: Settings, options: argparse.Namespace) -> int:
    from backend.commands.top.run import top  # noqa: PLC0415  (other commands need not wait for it)

    return top(settings, options.port, options.every, options.count)


def _demo(settings: Settings, options: argparse.Namespace) -> int:
    return demo(settings)


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    return backup(settings, options.file)


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    return restore(settings, options.file)


def _export(settings: Settings, options: argparse.Namespace) -> int:
    return export(settings, options.file)


def _import(settings: Settings, options: argparse.Namespace) -> int:
    return import_(settings, options.file)


def _move(settings: Settings, options: argparse.Namespace) -> int:
    return move(settings, options.to)


def _check_config(settings: Settings, options: argparse.Namespace) -> int:
    return check_config(settings)


if __name__ == "__main__":
    sys.exit(main())
