"""What somebody who asked is told of an error, whichever way they asked."""

import secrets

from backend.logs import Journal
from backend.protocol.errors import Code, Refused
from backend.store.engine.faults import Unavailable

journal = Journal("parley.errors")


def as_refused(error: Exception, asked: str) -> Refused:
    """The refusal for an error; one that is our fault is logged with the reference it names.

    `asked` is what failed, for the log: a request's type, or a method and a path.
    """
    if isinstance(error, Refused):
        # they lead through the frames of whoever carried it here: a cycle for each refusal
        error.__traceback__ = error.__context__ = None
        return error
    if isinstance(error, Unavailable):
        return Refused(Code.UNAVAILABLE, "the database cannot take it now, try again later")
    reference = secrets.token_hex(4)
    text = "%(asked)s failed, reference %(reference)s"
    journal.error("request_failed", text, fault=error, asked=asked, reference=reference)
    return Refused(Code.INTERNAL_ERROR, f"internal error, reference {reference}")
