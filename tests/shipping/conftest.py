"""The wheel of this tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It is built in a copy of the tree: where it is built, something is left."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("backend", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("LICENSE", "README.md", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    command = [*PIP, "wheel", "--no-deps", "--wheel-dir", str(folder), str(folder)]
    subprocess.run(command, check=True, timeout=120)
    (found,) = folder.glob("*.whl")
    return found
