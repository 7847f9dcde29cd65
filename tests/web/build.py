"""`make page`: the page's scripts and styles as the two small files that browsers are sent.

They are committed, so that running the server builds nothing; a test makes them again and compares.
"""

import subprocess
import tempfile
from pathlib import Path

from backend.http.pages import WEB
from tests.node import MODULES, NODE

BUILT = WEB / "built"
ENTRIES = (WEB / "page" / "main.js", WEB / "style" / "page.css")
OPTIONS = (
    "--bundle",
    "--format=esm",
    "--minify",
    "--target=es2022,chrome123,firefox121,safari17.5",
    "--legal-comments=none",
    "--entry-names=[name]",
)


def build(folder: Path) -> dict[str, bytes]:
    """Build into a folder; gives each file by its name. Raises CalledProcessError."""
    esbuild = MODULES / "esbuild" / "bin" / "esbuild"
    command = [
        str(NODE),
        str(esbuild),
        *map(str, ENTRIES),
        *OPTIONS,
        f"--outdir={folder}",
        "--log-level=warning",
    ]
    subprocess.run(command, check=True, timeout=60)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def main() -> None:
    """Replace what is in backend/web/built."""
    with tempfile.TemporaryDirectory() as name:
        files = build(Path(name))
    BUILT.mkdir(exist_ok=True)
    for file, content in files.items():
        (BUILT / file).write_bytes(content)


if __name__ == "__main__":
    main()
