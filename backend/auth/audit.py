"""One line in the log for whatever concerns who may come in: what, who, from where; no secrets.

What was typed as a name is not told: people type their password there.
"""

from backend.logs import Journal

journal = Journal("parley.audit")


def note(what: str, username: str | None, address: str) -> None:
    """Log what happened to a user's account, and by whom; None is a name that nobody has."""
    who = username or "nobody we know"
    journal.info("audit", "%(what)s: %(who)s, from %(where)s", what=what, who=who, where=address)
