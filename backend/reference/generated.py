"""What is made from the code, as it should be: parts of the docs, and whole files."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from backend.reference.asyncapi import asyncapi
from backend.reference.markdown import parts
from backend.reference.typescript import typescript

PART = re.compile(r"(<!-- begin: (\w+) -->\n).*?(<!-- end: \2 -->)", re.S)


def generated(docs: Path, limits: Mapping[str, int]) -> dict[Path, str]:
    """Return the text every generated file should have, by its path; `docs` is their folder."""
    protocol = docs / "protocol.md"
    document = json.dumps(asyncapi(limits), indent=1, ensure_ascii=False)
    return {
        protocol: fill(protocol.read_text(), parts(limits)),
        docs / "asyncapi.json": f"{document}\n",
        docs.parent / "backend/web/sdk/wire.d.ts": typescript(),
    }


def fill(text: str, made: dict[str, str]) -> str:
    """Return `text` with every marked part replaced by what was made under its name."""
    return PART.sub(lambda match: f"{match[1]}\n{made[match[2]]}\n\n{match[3]}", text)
