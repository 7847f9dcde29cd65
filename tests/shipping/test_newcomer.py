"""docs/deploy.md, typed: what it says brings a newcomer from nothing to a server that is backed up.

What belongs to the system is stood in for: its packages and users, systemd, and its places, which
here are folders of the test's. What is Parley's runs as it is: the command that is installed, the
units as they are copied, the settings, the backup and its way back.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

pytestmark = [pytest.mark.process, pytest.mark.sqlite, pytest.mark.xdist_group("wheel")]
TEXT = (ROOT / "docs" / "deploy.md").read_text()
STEPS = re.findall(r"^```sh step=(\w+)\n(.*?)^```$", TEXT, re.M | re.S)
PLACES = (
    "/opt/parley", "/var/lib/parley", "/var/backups/parley", "/usr/local/bin",
    "/etc/systemd/system", "/etc/caddy",
)  # fmt: skip
LOCKED = "/opt/parley/bin/pip install --require-hashes -r requirements.lock"
INSTALL = "/opt/parley/bin/pip install --no-deps ."
AGAIN = "/opt/parley/bin/pip install --no-deps --force-reinstall ."
SITE = Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
# Nobody is another user here, and nothing is fetched: only what any user may do is done.
STAND_INS = {
    "apt-get": "exit 0",
    "useradd": "exit 0",
    "install": 'for each; do case "$each" in /*) mkdir -p "$each";; esac; done',
    "runuser": 'shift 3; exec "$@"',
    "systemctl": f'exec {sys.executable} {ROOT}/tests/shipping/systemctl.py "$SYSTEM" "$@"',
}


class Machine:
    """A folder that is a machine to what is typed."""

    def __init__(self, root: Path, wheel: Path) -> None:
        self.root = root
        self._wheel = wheel
        self._ports = {"8000": _free_port(), "9464": _free_port()}
        stand_ins = root / "stand-ins"
        for folder in (stand_ins, *(Path(f"{root}{place}") for place in PLACES[3:])):
            folder.mkdir(parents=True)
        for name, text in STAND_INS.items():
            (stand_ins / name).write_text(f"#!/bin/sh\n{text}\n")
            (stand_ins / name).chmod(0o755)
        self.source = root / "source"
        for path in (ROOT / "docs" / "deploy").iterdir():
            copy = self.source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(self._placed(path.read_text()))
        self.units = Path(f"{root}/etc/systemd/system")
        self._environment = {
            "PATH": f"{stand_ins}:{root}/usr/local/bin:{os.environ['PATH']}",
            "SYSTEM": str(self.units),
            "PORT": str(self._ports["8000"]),
        }

    def type(self, script: str) -> str:
        """Type some lines, in the folder of the source; gives what they print. All must succeed."""
        done = subprocess.run(
            ["sh", "-eu", "-c", self._here(script)],
            cwd=self.source,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _here(self, script: str) -> str:
        """The lines with this machine's places and ports, and without what has to be fetched."""
        pip = f"{sys.executable} -m pip --quiet --disable-pip-version-check"
        for before, after in (
            (LOCKED, f"echo {sysconfig.get_path('purelib')} > /opt/parley/lib/needed.pth"),
            (INSTALL, f"{pip} --python /opt/parley/bin/python install --no-deps {self._wheel}"),
            (AGAIN, f"{pip} --python /opt/parley/bin/python install --no-deps --force-reinstall"
                    f" {self._wheel}"),
            ("python3 -m venv", f"{sys.executable} -m venv --without-pip"),
            *((port, str(here)) for port, here in self._ports.items()),
        ):  # fmt: skip
            script = script.replace(before, after)
        return self._placed(script).replace("/lib/needed.pth", f"/{SITE}/needed.pth")

    def _placed(self, text: str) -> str:
        for place in PLACES:
            text = re.sub(rf"(?<![\w/]){place}\b", f"{self.root}{place}", text)
        return text


@pytest.fixture
def machine(tmp_path: Path, wheel: Path) -> Iterator[Machine]:
    """A new one."""
    made = Machine(tmp_path / "machine", wheel)
    yield made
    for path in made.units.glob("*.pid"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(path.read_text()), signal.SIGTERM)


def test_a_newcomer_gets_to_a_server_that_is_backed_up(machine: Machine) -> None:
    """Every step can be typed as it stands, in their order, and does what the text says."""
    told = {name: machine.type(script) for name, script in STEPS}
    assert list(told) == [
        "install", "settings", "service", "tls", "backups", "restore", "figures", "deploy",
    ]  # fmt: skip
    assert "ALLOWED_HOSTS=chat.example.org\n" in told["settings"]
    assert '"status":"ok"' in told["service"].replace(" ", "")
    assert "backed up .data/chatapp.db to " in told["backups"]
    assert "what was there is .data/chatapp.db.before-" in told["restore"]
    assert told["restore"].endswith(".data/chatapp.db is in order\n")
    assert "\nparley_sockets 0.0\n" in told["figures"]
    assert machine.type("curl --fail --silent http://localhost:8000/ready")
    assert (machine.root / "etc/caddy/Caddyfile").is_file()


def test_the_backup_of_every_night_is_what_the_unit_says(machine: Machine) -> None:
    """Its line makes a copy of the day, and lets old ones go."""
    for _, script in STEPS[:2]:
        machine.type(script)
    machine.type("parley migrate up")
    unit = (machine.source / "docs" / "deploy" / "parley-backup.service").read_text()
    copy = re.findall(r"^ExecStart=(.+)$", unit, re.M)[0].replace("%%", "%")
    clean = re.findall(r"^ExecStartPost=(.+)$", unit, re.M)[0]
    machine.type(
        f"cd /var/lib/parley\n{copy}\ntouch -d '20 days ago' /var/backups/parley/2020-01-01.db\n"
        f"{clean}"
    )
    left = [path.name for path in (machine.root / "var/backups/parley").iterdir()]
    assert len(left) == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.db", left[0])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
