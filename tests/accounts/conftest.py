"""A running server that has accounts and no sockets."""

from tests.support.http_fixtures import alice, real_hashing, server, start

__all__ = ["alice", "real_hashing", "server", "start"]
