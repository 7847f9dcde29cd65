"""One line in the log for whatever concerns who may come in: what, who, from where; no secrets.

What was typed as a name is not told: people type their password there.
"""

import logging

logger = logging.getLogger("parley.audit")


def note(what: str, username: str | None, address: str) -> None:
    """Log what happened to a user's account, and by whom; None is a name that nobody has."""
    logger.info("%s: %s, from %s", what, username or "nobody we know", address)
