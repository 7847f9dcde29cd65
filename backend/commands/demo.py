"""`python -m backend demo`: people and conversations for a newcomer to look at."""

import contextlib

from backend.commands import story
from backend.commands.database import CannotDo, committing
from backend.commands.migrate import bring_up, owned
from backend.commands.password import hash_password
from backend.commands.progress import progress
from backend.settings import Settings, limits_of
from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.engine.connection import open_database, shown
from backend.store.engine.db import Db
from backend.store.migrations import all_migrations, applied, folder_of

PASSWORD = "correct horse"  # noqa: S105  (told to everybody, that is what it is for)

TOLD = """\
The password of each of them is '{password}'. With a server running ('serve'), log in:
  curl {url}/auth/login -H 'Accept: application/json' \\
    -d '{{"username": "alice", "password": "{password}"}}'
and take the access_token from the answer to the socket:
  wscat -c {socket} -H 'Authorization: Bearer ACCESS_TOKEN'
Then say, for a start:
  {{"type": "get_conversations"}}
  {{"type": "help"}}"""


def demo(settings: Settings) -> int:
    """Fill an empty database, and say how to log in; refuses one in which anybody is."""
    _migrate(settings)
    with committing(settings) as db:
        if accounts.were_made(db):
            name = shown(settings.database)
            raise CannotDo(f"{name} is in use by people; 'demo' is for an empty database")
        _fill(db, settings)
    for username, fullname in story.PEOPLE.items():
        print(f"{username}\t{fullname}")
    url = f"http://{settings.host}:{settings.port}"
    socket = f"ws://{settings.host}:{settings.port}/ws"
    print(TOLD.format(password=PASSWORD, url=url, socket=socket))
    return 0


def _migrate(settings: Settings) -> None:
    """Make the database if there is none, as 'serve' does."""
    with contextlib.closing(open_database(settings.database)) as db:
        is_ready = len(applied(db)) >= len(all_migrations(folder_of(db)))
    if not is_ready:
        with owned(settings) as db:
            list(bring_up(db))


def _fill(db: Db, settings: Settings) -> None:
    with progress("people", len(story.PEOPLE) + 1) as steps:
        password_hash = hash_password(PASSWORD)
        for username, fullname in story.PEOPLE.items():
            accounts.create(db, NewAccount(username, fullname, password_hash))
            steps.advance()
        story.tell(db, limits_of(settings))
