"""The units, the image and the composition of docs/deploy, as far as they can be read."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ROOT

pytestmark = pytest.mark.process
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("parley*"))
EXPOSURE = 2.0
# What keeps a server that was broken into from doing harm elsewhere.
HARDENED = {
    "ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes", "NoNewPrivileges=yes",
    "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service",
    "UMask=0077", "User=parley", "IPAddressDeny=any",
}  # fmt: skip


def test_the_service_is_hardened() -> None:
    """What it needs is allowed; systemd's own tool says how much that is, where it is there."""
    lines = set((DEPLOY / "parley.service").read_text().splitlines())
    assert lines >= HARDENED
    if shutil.which("systemd-analyze"):
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager",
             str(DEPLOY / "parley.service")],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        found = re.search(r"Overall exposure level for parley.service: ([\d.]+)", told)
        assert found is not None, told
        assert float(found[1]) < EXPOSURE


def test_the_units_are_understood(tmp_path: Path) -> None:
    """Each says what it is and where it goes; systemd finds no fault in any, where it is there."""
    for name in UNITS:
        text = (DEPLOY / name).read_text()
        assert text.startswith(f"# /etc/systemd/system/{name}")
        program = shutil.which("true")
        (tmp_path / name).write_text(text.replace("/opt/parley/bin/parley", str(program)))
    assert len(UNITS) == 4
    if shutil.which("systemd-analyze"):
        told = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert str(tmp_path) not in told.stderr, told.stderr
        assert "parley" not in told.stderr, told.stderr


def instructions() -> list[tuple[str, str]]:
    """What the Containerfile says, in order."""
    text = re.sub(r"\\\n", "", (DEPLOY / "Containerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2]) for line in lines]


def test_the_image_runs_as_nobody_in_particular() -> None:
    """On a slim Debian, with what is locked, as a user of its own, looked after by /health."""
    told = instructions()
    assert [each for kind, each in told if kind == "FROM"] == [
        "debian:bookworm-slim AS build", "debian:bookworm-slim",
    ]  # fmt: skip
    last = dict(told[max(n for n, (kind, _) in enumerate(told) if kind == "FROM") :])
    assert last["USER"] == "990"
    assert last["WORKDIR"] == last["VOLUME"] == "/data"
    assert "http://127.0.0.1:8000/health" in last["HEALTHCHECK"]
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["/opt/parley/bin/parley"]', '["serve"]')
    installs = [each for kind, each in told if kind == "RUN" and "pip install" in each]
    assert "--require-hashes -r /source/requirements.lock" in installs[0]
    assert "--no-deps /source" in installs[0]


def test_the_composition_gives_nothing_away() -> None:
    """A file system that is only read, no capabilities, and no port but the proxy's."""
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    parley, caddy = told["services"]["parley"], told["services"]["caddy"]
    assert parley["read_only"] is True
    assert parley["cap_drop"] == ["ALL"]
    assert "ports" not in parley
    assert (DEPLOY / parley["build"]["context"] / parley["build"]["dockerfile"]).is_file()
    (network,) = told["networks"]["inside"]["ipam"]["config"]
    assert parley["environment"]["TRUSTED_PROXIES"] == network["subnet"]
    assert set(caddy["environment"]) == set(
        re.findall(r"\{\$(\w+):", (DEPLOY / "Caddyfile").read_text())
    )
    assert caddy["ports"][:2] == ["80:80", "443:443"]
