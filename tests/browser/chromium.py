"""A Chromium that needs nothing of the machine: it comes inside an npm package."""

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.node import MODULES, NODE

PACKAGE = MODULES / "@sparticuz" / "chromium"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/fonts-cache</cachedir></fontconfig>
"""
UNPACK = Path(__file__).with_name("unpack.mjs")


def unpacked() -> Path:
    """The folder with the unpacked browser, beside the package; it is unpacked once."""
    version: str = json.loads((PACKAGE / "package.json").read_text())["version"]
    folder = MODULES / ".chromium" / version
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent))
        subprocess.run([NODE, UNPACK, PACKAGE / "bin", fresh], check=True, timeout=120)
        with suppress(OSError):  # another worker was faster
            fresh.rename(folder)
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def environment(folder: Path) -> dict[str, str | float | bool]:
    """What Chromium runs with: the libraries it came with, and no fonts but its own.

    So pages look the same on every machine; there are no emoji among these fonts.
    """
    fonts = folder / "fonts.conf"
    wanted = FONTS.format(folder=folder)
    if fonts.read_text() != wanted:
        fonts.write_text(wanted)
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "FONTCONFIG_FILE": str(fonts),
    }
