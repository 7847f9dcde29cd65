"""A running server that has accounts and no sockets."""

from tests.support.http_fixtures import alice, server, start

__all__ = ["alice", "server", "start"]
