"""docs/asyncapi.json is an AsyncAPI document other tools can read."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.generated import DOCS

CHECK = Path(__file__).with_name("check_asyncapi.mjs")
NODE_MODULES = Path(__file__).parents[1] / "node" / "node_modules"


def complaints(document: str) -> list[str]:
    """Return what @asyncapi/parser finds wrong with a document."""
    node = shutil.which("node")
    if node is None or not NODE_MODULES.is_dir():
        pytest.fail("needs Node.js and `npm ci --prefix tests/node`")
    done = subprocess.run(
        [node, CHECK], input=document, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_document_is_valid() -> None:
    """The parser finds no error in the document."""
    assert complaints((DOCS / "asyncapi.json").read_text()) == []


def test_a_broken_reference_is_noticed() -> None:
    """The parser finds an error when a schema that is referred to does not exist."""
    text = (DOCS / "asyncapi.json").read_text()
    broken = text.replace('#/components/schemas/Message"', '#/components/schemas/Massage"')
    assert broken != text
    assert any("Massage" in line for line in complaints(broken))
