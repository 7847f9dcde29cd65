"""ping, self, help."""

from backend import views
from backend.handlers.base import Answer
from backend.protocol.connection import Help, Ping, Self
from backend.reference.help import help_data
from backend.store.engine.db import Db
from backend.views.viewer import Viewer


def ping(me: Viewer, request: Ping) -> Answer:
    """Answer `pong`, with the current cursor."""
    return Answer("pong", with_cursor=True)


def self_(db: Db, me: Viewer, request: Self) -> Answer:
    """Tell about the connected user."""
    return Answer(views.user.for_self(db, me.id))


def help_(me: Viewer, request: Help) -> Answer:
    """List the events, or describe one."""
    return Answer(help_data(request.event, me.limits, request.schemas))
