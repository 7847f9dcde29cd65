"""The options of the admin commands."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

from backend.commands.admin import accounts, conversations, invites, reports, upkeep
from backend.commands.output import Output
from backend.settings import Settings

Options = argparse.Namespace
Run = Callable[[Settings, Output, Options], int]
Parts: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

BEGINNING = "what their username, full name or email begins with"
ON_USER: tuple[tuple[str, str, Callable[[Settings, Output, str], int]], ...] = (
    ("disable", "let a user in no more; ends every session", accounts.disable),
    ("enable", "let a disabled user in again", accounts.enable),
    (
        "reset-password",
        "give a user a new password, asked for or read from the input; ends every session",
        accounts.reset_password,
    ),
    ("sessions", "list where a user is logged in", accounts.sessions),
)


def add_to(commands: Parts) -> None:
    """Add the commands."""
    text = "look after users and conversations, also while a server runs"
    admin = commands.add_parser("admin", help=text, description=text)
    parts = admin.add_subparsers(required=True, metavar="WHAT")
    _add_accounts(parts)
    _add_invites(parts)
    text = "take a conversation from everybody, with all that was said in it"
    part = _add(
        parts,
        "delete-conversation",
        text,
        lambda s, out, o: conversations.delete_conversation(s, out, o.id),
    )
    part.add_argument("id", type=int, metavar="ID")
    part = _add(
        parts,
        "reports",
        "list the messages that people have reported",
        lambda s, out, o: reports.reports(s, out, with_closed=o.all),
    )
    part.add_argument("--all", action="store_true", help="also those that are closed")
    part = _add(
        parts,
        "close-report",
        "let the reports of a message wait no more",
        lambda s, out, o: reports.close_report(s, out, o.id),
    )
    part.add_argument("id", type=int, metavar="MESSAGE")
    text = "write the database anew without the room of what was deleted; not while a server runs"
    _add(parts, "vacuum", text, lambda s, out, o: upkeep.vacuum(s, out))
    text = "make the search index anew, also while a server runs"
    _add(parts, "rebuild-search", text, lambda s, out, o: upkeep.rebuild_search(s, out))


def _add_accounts(parts: Parts) -> None:
    part = _add(parts, "users", "list the users, or find some", _users)
    part.add_argument("text", metavar="TEXT", nargs="?", default="", help=BEGINNING)
    part.add_argument("--disabled", action="store_true", help="only those who may not log in")
    text = "make an account; its password is asked for, or read from the input"
    part = _add(
        parts, "create", text, lambda s, out, o: accounts.create(s, out, o.username, o.fullname)
    )
    part.add_argument("username", metavar="USERNAME")
    part.add_argument("--fullname", metavar="NAME", help="the username if not given")
    for name, text, run in ON_USER:
        part = _add(parts, name, text, _on_user(run))
        part.add_argument("username", metavar="USERNAME")
    text = "log a user out everywhere, or end one session with its tokens"
    part = _add(parts, "end-sessions", text, _end_sessions)
    part.add_argument("username", metavar="USERNAME")
    part.add_argument("--session", type=int, metavar="ID", help="only this, as 'sessions' lists it")
    text = "list how much is stored of a user, or of those of whom the most is"
    part = _add(parts, "stored", text, lambda s, out, o: accounts.stored(s, out, o.username, o.top))
    part.add_argument("username", metavar="USERNAME", nargs="?")
    part.add_argument("--top", type=_count, default=20, metavar="N", help="of how many users (20)")


def _add_invites(parts: Parts) -> None:
    text = "make a code to register with, where REGISTRATION is 'invite'"
    part = _add(parts, "invite", text, lambda s, out, o: invites.invite(s, out, o.uses, o.days))
    part.add_argument("--uses", type=int, default=1, metavar="N", help="how many may use it (1)")
    part.add_argument("--days", type=float, default=7, metavar="D", help="how long it is good (7)")
    text = "list the codes that are good, by the ids that revoke them"
    _add(parts, "invites", text, lambda s, out, o: invites.invites(s, out))
    part = _add(
        parts,
        "revoke-invite",
        "let nobody register with a code any more",
        lambda s, out, o: invites.revoke_invite(s, out, o.code),
    )
    part.add_argument("code", metavar="CODE", help="the code, or its id")


def _add(parts: Parts, name: str, text: str, run: Run) -> argparse.ArgumentParser:
    part = parts.add_parser(name, help=text, description=text)
    part.add_argument("--json", action="store_true", help="give the result as JSON")
    part.set_defaults(command=lambda s, o: run(s, Output(as_json=o.json), o))
    return part


def _users(settings: Settings, out: Output, options: Options) -> int:
    return accounts.users(settings, out, options.text, disabled=options.disabled)


def _end_sessions(settings: Settings, out: Output, options: Options) -> int:
    return accounts.end_sessions(settings, out, options.username, options.session)


def _on_user(run: Callable[[Settings, Output, str], int]) -> Run:
    return lambda settings, out, options: run(settings, out, options.username)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count
