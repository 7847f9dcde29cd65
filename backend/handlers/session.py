"""ping, self, help."""

import sqlite3

from backend.handlers.base import Answer, Viewer
from backend.handlers.presence import self_user
from backend.protocol.reference import help_data
from backend.protocol.session import Help, Ping, Self


def ping(me: Viewer, request: Ping) -> Answer:
    """Answer `pong`, with the current cursor."""
    return Answer("pong", with_cursor=True)


def self_(db: sqlite3.Connection, me: Viewer, request: Self) -> Answer:
    """Tell about the connected user."""
    return Answer(self_user(db, me))


def help_(me: Viewer, request: Help) -> Answer:
    """List the events, or describe one."""
    return Answer(help_data(request.event, me.limits))
