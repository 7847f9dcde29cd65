"""docs/asyncapi.json is an AsyncAPI document other tools can read."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.node import MODULES, NODE

pytestmark = pytest.mark.process

DOCS = Path(__file__).parents[2] / "docs"
CHECK = Path(__file__).with_name("check_asyncapi.mjs")


def complaints(document: str) -> list[str]:
    """Return what @asyncapi/parser finds wrong with a document."""
    assert MODULES.is_dir(), "needs `make tests/node/node_modules/.package-lock.json`"
    done = subprocess.run(
        [NODE, CHECK], input=document, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_document_is_valid() -> None:
    """The parser finds no error in the document."""
    assert complaints((DOCS / "asyncapi.json").read_text()) == []


def test_a_broken_reference_is_noticed() -> None:
    """The parser finds an error when a schema that is referred to does not exist."""
    document = json.loads((DOCS / "asyncapi.json").read_text())
    del document["operations"]  # what takes the parser long has no schemas of its own
    text = json.dumps(document)
    broken = text.replace('#/components/schemas/Message"', '#/components/schemas/Massage"')
    assert broken != text
    assert any("Massage" in line for line in complaints(broken))
