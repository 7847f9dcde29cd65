"""What the handlers of files work with."""

from collections import Counter
from dataclasses import dataclass, field

from backend.auth.identity import Identities
from backend.auth.throttle import Throttle
from backend.auth.tokens import Tokens
from backend.files.pictures import Pictures
from backend.files.storage import Storage, Threads, open_storage
from backend.files.turns import Turns
from backend.peers import Peers
from backend.protocol.errors import Code, Refused
from backend.settings import Settings
from backend.store import files, uploads
from backend.store.database import Database
from backend.store.engine.db import Db

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Files:
    """Everything a handler may need.

    `under_way` are the bytes that come in now, per user; `busy` the uploads that are written to.
    """

    settings: Settings
    database: Database
    tokens: Tokens
    identities: Identities
    storage: Storage
    uploads: Throttle
    threads: Threads
    turns: Turns
    pictures: Pictures = field(default_factory=Pictures)
    under_way: Counter[int] = field(default_factory=Counter)
    busy: set[str] = field(default_factory=set)

    def taken(self, db: Db, owner_id: int) -> int:
        """How many bytes a user's files have, with what was promised and has not come."""
        return files.held(db, owner_id) + uploads.promised(db, owner_id)

    def check_room(self, owner_id: int, bytes_: int) -> None:
        """Refuse more than MAX_STORAGE_PER_USER, with what comes in just now."""
        limit = self.settings.max_storage_per_user
        if bytes_ + self.under_way[owner_id] > limit:
            text = f"your files may have at most {limit} bytes in all"
            raise Refused(Code.TOO_LARGE, text, "file")

    def check_size(self, size: int) -> None:
        """Refuse a file that is too large."""
        limit = self.settings.max_file_bytes
        if size > limit:
            raise Refused(Code.TOO_LARGE, f"a file may have at most {limit} bytes", "file")


def build_files(
    settings: Settings,
    database: Database,
    tokens: Tokens,
    identities: Identities,
    peers: Peers,
) -> Files:
    """The services that these settings ask for."""
    storage = open_storage(settings.files, settings.dbpath)
    throttle = Throttle(settings.uploads_per_hour, HOUR)
    throttle.share(peers, "uploads")
    threads = Threads()
    turns = Turns(threads, lambda: database.writer.position)
    return Files(settings, database, tokens, identities, storage, throttle, threads, turns)
