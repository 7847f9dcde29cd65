"""Invites: codes to register with, where REGISTRATION is `invite`."""

import secrets

from backend.commands.admin.common import note
from backend.commands.database import CannotDo, committing, opened
from backend.commands.output import Moment, Output
from backend.settings import Settings
from backend.store import invites as stored_invites
from backend.store.log import now_ms

MAX_USES = 100_000
MAX_DAYS = 3650


def invite(settings: Settings, out: Output, uses: int, days: float) -> int:
    """Make a code with which so many people may register, for so many days."""
    if not 0 < uses <= MAX_USES or not 0 < days <= MAX_DAYS:
        raise CannotDo(f"expected 1 to {MAX_USES} uses and at most {MAX_DAYS} days")
    code = secrets.token_urlsafe(16)
    expires_at = now_ms() + int(days * 86_400_000)
    with committing(settings) as db:
        stored_invites.create(db, code, uses, expires_at)
    note("invite made", f"for {uses}")
    out.said(code, code=code, uses=uses, ends=Moment(expires_at))
    return 0


def invites(settings: Settings, out: Output) -> int:
    """List the invites that are good, by what revokes them: of codes only hashes are kept."""
    with opened(settings) as db:
        found = stored_invites.listed(db)
    out.rows(
        ("id", "uses_left", "ends"),
        [(each.id, each.uses_left, Moment(each.expires_at)) for each in found],
    )
    return 0


def revoke_invite(settings: Settings, out: Output, code_or_id: str) -> int:
    """Let nobody register with a code any more, named by itself or as `invites` lists it."""
    with committing(settings) as db:
        if not stored_invites.revoke(db, code_or_id):
            raise CannotDo("there is no such invite, or more than one")
    note("invite revoked", "one")
    out.said("revoked", revoked=1)
    return 0
