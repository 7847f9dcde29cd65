"""The examples of docs/client.md do what the comments beside them say."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.node import NODE
from tests.support.server import Server
from tests.web.program import SDK

DOC = Path(__file__).parents[2] / "docs" / "client.md"
BLOCK = re.compile(r"^```js\n(.*?)^```", re.M | re.S)
SAYS = re.compile(r"// → (.+)$", re.M)


@pytest.mark.process
async def test_the_examples_say_what_they_do(server: Server, tmp_path: Path) -> None:
    """Run one after the other, they print what stands beside each `console.log`."""
    text = "".join(BLOCK.findall(DOC.read_text()))
    program = tmp_path / "examples.mjs"
    here = text.replace("'/sdk/parley.js'", f"'{(SDK / 'parley.js').as_uri()}'")
    program.write_text(here.replace("http://localhost:8000", server.url))
    process = await asyncio.create_subprocess_exec(
        NODE, program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        output, complaints = await process.communicate()
    assert (process.returncode, complaints) == (0, b"")
    assert output.decode().splitlines() == SAYS.findall(text)
