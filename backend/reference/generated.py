"""What is made from the code, as it should be: parts of the docs, and whole files."""

import re
from collections.abc import Mapping
from pathlib import Path

from backend.reference.asyncapi import asyncapi
from backend.reference.endpoints import http_parts
from backend.reference.markdown import parts
from backend.reference.openapi import openapi
from backend.reference.page import page
from backend.reference.schemas import as_text
from backend.reference.typescript import typescript

PART = re.compile(r"(<!-- begin: (\w+) -->\n).*?(<!-- end: \2 -->)", re.S)


def generated(docs: Path, limits: Mapping[str, int]) -> dict[Path, str]:
    """Return the text every generated file should have, by its path; `docs` is their folder."""
    protocol, http = docs / "protocol.md", docs / "http.md"
    filled = {
        protocol: fill(protocol.read_text(), parts(limits)),
        http: fill(http.read_text(), http_parts(limits)),
    }
    web = docs.parent / "backend/web"
    return filled | {
        docs / "asyncapi.json": as_text(asyncapi(limits)),
        docs / "openapi.json": as_text(openapi(limits)),
        web / "sdk/wire.d.ts": typescript(),
        web / "docs/index.html": page({path.stem: text for path, text in filled.items()}),
    }


def fill(text: str, made: dict[str, str]) -> str:
    """Return `text` with every marked part replaced by what was made under its name."""
    return PART.sub(lambda match: f"{match[1]}\n{made[match[2]]}\n\n{match[3]}", text)
