"""The docs as they should be: hand-written text with the parts made from the code filled in."""

import json
import re
from pathlib import Path

from backend.reference.asyncapi import asyncapi
from backend.reference.markdown import parts
from backend.settings import Settings, limits_of

DOCS = Path(__file__).parents[2] / "docs"
PART = re.compile(r"(<!-- begin: (\w+) -->\n).*?(<!-- end: \2 -->)", re.S)


def generated() -> dict[Path, str]:
    """Return the text every generated file should have, by its path."""
    limits = limits_of(Settings())
    protocol = DOCS / "protocol.md"
    return {
        protocol: fill(protocol.read_text(), parts(limits)),
        DOCS / "asyncapi.json": json.dumps(asyncapi(limits), indent=1, ensure_ascii=False) + "\n",
    }


def fill(text: str, made: dict[str, str]) -> str:
    """Return `text` with every marked part replaced by what was made under its name."""
    return PART.sub(lambda match: f"{match[1]}\n{made[match[2]]}\n\n{match[3]}", text)
