"""How a server starts, or does not: its files, its settings, its port, and other servers."""

import asyncio
import json
import socket
import stat
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.support.client import town
from tests.support.server import Server

pytestmark = pytest.mark.process


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def test_it_runs_as_it_is_started_by_hand(tmp_path: Path) -> None:
    """A process of its own, imports and all, without a warning, until it is told to stop."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend", "serve",
        cwd=tmp_path,
        env=Server(tmp_path).environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(20):
        told = await process.stdout.readuntil(b"README.md.\n")
        process.terminate()
        assert await process.stdout.read() == b"draining\n"
        assert await process.wait() == 0
    assert b"\nParley listens on http://localhost:" in told


async def test_what_only_some_servers_need_is_not_imported() -> None:
    """Half of what a start takes are imports: PostgreSQL, buckets, pictures, figures come later."""
    asked = "import sys, backend.__main__, backend.commands.serve; print(*sys.modules)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", asked, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    imported = {
        each.partition(".")[0] for each in (await process.communicate())[0].decode().split()
    }
    assert {"aiohttp", "uvloop"} <= imported
    assert not imported & {
        "psycopg",
        "obstore",
        "PIL",
        "prometheus_client",
        "rich",
        "multiprocessing",
    }


@pytest.mark.sqlite
async def test_a_second_server_on_the_database_says_so(server: Server) -> None:
    """It ends with one line and leaves the first one alone; so does migrating."""
    for command in (["serve"], ["migrate", "up"], ["migrate", "down"]):
        code, output = await server.command(*command)
        assert (code, output) == (1, f"parley: {server.dbpath} is in use by another server\n")
    assert (await server.command("migrate", "status"))[0] == 0


async def test_a_database_is_free_again_after_a_crash(server: Server) -> None:
    """No stale lock is in the way of the next start."""
    await server.kill()
    assert await server.command("migrate", "up") == (0, "")
    await server.start()


@pytest.mark.sqlite
async def test_files_are_the_owners_alone(server: Server) -> None:
    """The folder is 0700, every file in it 0600."""
    assert mode(server.dbpath.parent) == 0o700
    files = list(server.dbpath.parent.iterdir())
    assert server.dbpath in files
    assert {mode(path) for path in files} == {0o600}


async def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    """It names the settings and what is wrong."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = Server(tmp_path, {"PORT": str(port)})
        code, output = await server.command("serve")
    said = f"parley: HOST 'localhost', PORT {port}: cannot listen there: Address already in use"
    assert code == 1
    assert [line[: len(said)] for line in output.splitlines() if line.startswith("parley: ")] == [
        said
    ]
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("PORT", "many", "PORT is 'many': expected"),
        ("PORT", "70000", "PORT is '70000': expected"),
        ("JWTSECRET", "fifteen letters", "JWTSECRET is shorter than 16 bytes"),
        ("JWTSECRET_OLD", "short", "JWTSECRET_OLD is shorter than 16 bytes"),
        ("CORS_ALLOW_ORIGIN", "*", "CORS_ALLOW_ORIGIN has '*'"),
        ("ALLOWED_HOSTS", "https://chat.example", "ALLOWED_HOSTS has 'https://chat.example'"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is 'loud'"),
        ("COOKIE_SAMESITE", "never", "COOKIE_SAMESITE is 'never'"),
        ("TRUSTED_PROXIES", "home", "TRUSTED_PROXIES has 'home'"),
        ("DBPATH", "", "DBPATH is ''"),
        ("DATABASE_URL", "mysql://chat", "DATABASE_URL is …: expected postgresql://"),
        pytest.param(
            "DATABASE_URL",
            "postgresql://u:p@h/chat",
            "JWTSECRET is missing",
            marks=pytest.mark.sqlite,
        ),
        ("AUTH_ISSUER", "https://a.example", "expected one of AUTH_JWKS_FILE"),
    ],
)
async def test_a_bad_setting_stops_the_start(
    tmp_path: Path, name: str, value: str, text: str
) -> None:
    """One line names the setting, its value and what was expected; nothing is made."""
    code, output = await Server(tmp_path, {name: value}).command("serve")
    assert (code, output.count("\n")) == (1, 1)
    assert text in output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
async def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """A path through a file is said to be none."""
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "chat.db"
    code, output = await Server(tmp_path, {"DBPATH": str(path)}).command("serve")
    assert (code, output.count("\n")) == (1, 1)
    assert str(tmp_path / "file") in output


async def test_settings_are_read_from_a_file_and_the_environment_wins(tmp_path: Path) -> None:
    """A `.env` in the folder of the start counts where the environment says nothing."""
    (tmp_path / ".env").write_text("MAX_PINS=7\nPRESENCE_GRACE=9\nJWTSECRET=" + "s" * 40 + "\n")
    code, output = await Server(tmp_path, {"PRESENCE_GRACE": "0.5"}).command("check-config")
    assert code == 0, output
    lines = output.splitlines()
    assert "MAX_PINS=7" in lines
    assert "PRESENCE_GRACE=0.5" in lines


async def test_secrets_are_shown_as_dots(tmp_path: Path) -> None:
    """The settings can be shown to others."""
    secret = "correct-horse-battery-staple-and-more"
    code, output = await Server(tmp_path, {"JWTSECRET": secret}).command("check-config")
    assert code == 0
    assert "JWTSECRET=…" in output.splitlines()
    assert secret not in output


async def test_a_bad_secret_is_not_shown(tmp_path: Path) -> None:
    """Also when it is what is wrong."""
    code, output = await Server(tmp_path, {"JWTSECRET": "pssst"}).command("check-config")
    assert code == 1
    assert "pssst" not in output


async def test_what_is_not_a_command_is_told_how_to_ask(tmp_path: Path) -> None:
    """Help lists the commands, and a wrong one exits with 2."""
    server = Server(tmp_path)
    code, output = await server.command("--help")
    assert code == 0
    for command in (
        "serve",
        "demo",
        "admin",
        "backup",
        "restore",
        "export",
        "import",
        "move",
        "check",
        "check-config",
        "migrate",
    ):
        assert f"\n    {command} " in output or f"\n    {command}\n" in output
    code, output = await server.command("dance")
    assert code == 2
    assert "invalid choice: 'dance'" in output


async def test_a_log_of_json_is_nothing_but_json(tmp_path: Path) -> None:
    """From the first line to the last: what is told at the start and the end, too."""
    server = Server(tmp_path, {"LOG_FORMAT": "json"})
    await server.start()
    async with town(server.url) as people:
        await people.online("alice")
    assert await server.stop() == 0
    told = [json.loads(line) for line in server.output.splitlines()]
    events = [each["event"] for each in told]
    if server.database == str(server.dbpath):  # the others' are migrated before
        assert events[0] == "migrated"
    assert {"listening", "audit"} < set(events)
    assert events[-1] == "draining"
    audit = next(each for each in told if each["event"] == "audit")
    assert (audit["what"], audit["who"]) == ("registered", "alice")
