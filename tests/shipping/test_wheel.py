"""The wheel: everything is in it, and where nothing else is, the command `parley` runs."""

import asyncio
import re
import subprocess
import sysconfig
import venv
import zipfile
from pathlib import Path

import aiohttp
import pytest

from backend import VERSION
from tests import ROOT
from tests.shipping.conftest import PIP
from tests.support.server import Server

pytestmark = [pytest.mark.process, pytest.mark.sqlite, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel, and of ours only what it needs."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [*PIP, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)],
        check=True, timeout=120,
    )  # fmt: skip
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def test_everything_is_in_it(wheel: Path) -> None:
    """Code, pages, migrations, lists of words; and the docs, where programs have theirs."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "backend").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in names if name.startswith("backend/")} == ours
    shared = f"parley-{VERSION}.data/data/share/doc/parley/"
    docs = {
        f"{shared}{path.relative_to(ROOT / 'docs').as_posix()}"
        for path in (ROOT / "docs").rglob("*")
        if path.is_file()
    }
    assert docs <= names
    rest = {name for name in names - ours - docs if ".dist-info/" not in name}
    assert rest == set()


def test_it_needs_what_is_required(wheel: Path) -> None:
    """The same versions that are tested."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"parley-{VERSION}.dist-info/METADATA").decode()
    needed = re.findall(r"^Requires-Dist: ((?:(?!extra ==).)+)$", metadata, re.M)
    assert needed == (ROOT / "requirements.txt").read_text().splitlines()


async def test_it_serves_where_nothing_else_is(installed: Path, tmp_path: Path) -> None:
    """From its own files: the page, the references, a new database."""
    settings = Server(tmp_path).environment() | {"PORT": "0"}
    del settings["PYTHONPATH"]
    process = await asyncio.create_subprocess_exec(
        installed / "parley", "serve",
        cwd=tmp_path, env=settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(60):
        told = (await process.stdout.readuntil(b"README.md.\n")).decode()
        url = told.split("listens on ")[1].split()[0]
        async with aiohttp.ClientSession(url) as http:
            for path in ("/", "/web/built/main.js", "/inspect", "/docs", "/docs/openapi.json"):
                async with http.get(path, headers={"Accept": "text/html, */*"}) as answer:
                    assert answer.status == 200, path
                    assert len(await answer.read()) > 500, path
        process.terminate()
        await process.stdout.read()
        assert await process.wait() == 0


async def test_it_is_called_by_its_name(installed: Path, tmp_path: Path) -> None:
    """Help says what was typed."""
    process = await asyncio.create_subprocess_exec(
        installed / "parley", "--help", cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert told.startswith(b"usage: parley [-h] COMMAND ...")
