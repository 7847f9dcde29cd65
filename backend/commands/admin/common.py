"""What the admin commands share: whom they are about, and that they are logged."""

import getpass

from backend.auth import audit
from backend.commands.database import CannotDo
from backend.logs import set_up
from backend.store import accounts
from backend.store.accounts import Account
from backend.store.engine.db import Db


def note(what: str, username: str) -> None:
    """Log it, on the error output, with who is logged in on this machine."""
    set_up("info", "text")
    audit.note(what, username, f"the command line, by {getpass.getuser()}")


def account_of(db: Db, username: str) -> Account:
    """The account of that name or email; raises CannotDo."""
    account = accounts.find_by_login(db, username)
    if account is None:
        raise CannotDo(f"there is no user {username}")
    return account
