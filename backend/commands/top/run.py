"""Looking at a server again and again."""

import time
from collections.abc import Iterator
from itertools import islice

from rich.console import Console
from rich.live import Live

from backend.auth.secret import load_secrets, secret_path
from backend.auth.tokens import Tokens
from backend.commands.database import CannotDo
from backend.commands.top.rates import Between
from backend.commands.top.reading import read
from backend.commands.top.screen import line, screen
from backend.settings import Settings


def top(settings: Settings, port: int | None, every: float, count: int | None) -> int:
    """Show what the server does, every so many seconds, so often or until stopped.

    A screen for who sits at a terminal, a line each elsewhere. Raises CannotDo.
    """
    if not every > 0:
        raise CannotDo("expected more than 0 seconds")
    looks = islice(_looks(settings, port or _port(settings), every), count)
    console = Console()
    if not console.is_terminal:
        for between in looks:
            print(line(between), flush=True)
        return 0
    with Live(console=console, screen=True, auto_refresh=False) as live:
        for between in looks:
            live.update(screen(between, console.height), refresh=True)
    return 0


def _port(settings: Settings) -> int:
    if settings.metrics == "loopback":
        return settings.port
    if settings.metrics == "off":
        raise CannotDo("METRICS is off: give it a port, such as 9464, and start the server anew")
    return int(settings.metrics)


def _looks(settings: Settings, port: int, every: float) -> Iterator[Between]:
    tokens = _tokens(settings)
    old = read(port, tokens.sign_operator())
    while True:
        time.sleep(every)
        new = read(port, tokens.sign_operator())
        yield Between(old, new)
        old = new


def _tokens(settings: Settings) -> Tokens:
    """Those of the server, whose secret there has to be: one made here would open nothing."""
    path = secret_path(settings.dbpath)
    if not (settings.jwtsecret or path.exists()):
        raise CannotDo(f"there is neither JWTSECRET nor {path}: use the settings of the server")
    return Tokens(load_secrets(settings), settings.token_ttl)
