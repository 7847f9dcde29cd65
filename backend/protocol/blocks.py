"""Requests about blocks: who may not reach one."""

from typing import ClassVar

from backend.protocol.base import Request, Username
from backend.protocol.models import Thing, UsernameData


class BlockUser(Request, tag="block_user", frozen=True, kw_only=True):
    """Let somebody reach you no more: no direct messages, no adding, no presence; silently."""

    DATA: ClassVar[object] = UsernameData
    GOES_TO: ClassVar[str] = "your sockets (and `remove_contact` to both, if they were contacts)"
    username: Username


class UnblockUser(Request, tag="unblock_user", frozen=True, kw_only=True):
    """Take a block back."""

    DATA: ClassVar[object] = UsernameData
    GOES_TO: ClassVar[str] = "your sockets"
    username: Username


class UsernamesData(Thing, frozen=True):
    """Usernames, in alphabetical order."""

    usernames: tuple[str, ...]


class GetBlocked(Request, tag="get_blocked", frozen=True, kw_only=True):
    """List whom you have blocked."""

    DATA: ClassVar[object] = UsernamesData
