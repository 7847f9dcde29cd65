"""The page at /docs: what docs/http.md and docs/protocol.md say, as HTML that needs no script."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

FRAME = """<!doctype html>
<!-- Made by `make docs` from docs/http.md and docs/protocol.md. -->
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Parley: the reference</title>
    <link rel="icon" href="web/image/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="docs/docs.css" />
  </head>
  <body>
    <a class="skip" href="#top">To the text</a>
    <nav aria-label="Contents">{contents}</nav>
    <main id="top" tabindex="-1">
      <header>
        <h1>Parley</h1>
        <p>
          What goes over <a href="#http">HTTP</a>, and over <a href="#protocol">the socket</a>.
          For programs: <a href="docs/openapi.json">OpenAPI</a>,
          <a href="docs/asyncapi.json">AsyncAPI</a>, <a href="docs/types.d.ts">TypeScript</a>.
          Every frame of a client you write: <a href="inspect">the inspector</a>.
        </p>
      </header>
      {text}
    </main>
  </body>
</html>
"""
# scrolls by itself where it is wider than the page, by keys too
WIDE = '<div class="wide" tabindex="0"><table>\n'
PARTS = {"http": "HTTP", "protocol": "The socket"}


class Heading(NamedTuple):
    """A heading: 1 is the title of a document."""

    level: int
    anchor: str
    text: str


def page(documents: Mapping[str, str]) -> str:
    """Return the page, of Markdown texts by the names of their files without `.md`.

    Links between them work; to what is not on the page there are none, only their words.
    """
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.add_render_rule("table_open", lambda *_: WIDE)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    contents, texts = [], []
    for name, title in PARTS.items():
        tokens = markdown.parse(documents[name])
        contents.append(_contents(title, list(_headings(name, tokens))))
        _lead_links(name, tokens)
        text = markdown.renderer.render(tokens, markdown.options, {})
        texts.append(f'<section id="{name}">\n{text}</section>')
    return FRAME.format(contents="".join(contents), text="\n".join(texts))


def anchor_of(text: str) -> str:
    """Return what a heading is linked by: small letters, hyphens for spaces, without signs."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def _headings(name: str, tokens: list[Token]) -> Iterable[Heading]:
    """Each heading; it gets its anchor, and stands a level lower, below the page's own title."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            text = tokens[at + 1].content
            heading = Heading(int(token.tag[1]), f"{name}-{anchor_of(text)}", text)
            token.attrSet("id", heading.anchor)
            token.tag = tokens[at + 2].tag = f"h{heading.level + 1}"
            yield heading


def _contents(title: str, headings: list[Heading]) -> str:
    lines = [
        f'<li class="level{each.level}"><a href="#{each.anchor}">{html.escape(each.text)}</a></li>'
        for each in headings
        if each.level > 1
    ]
    items = "\n".join(lines)
    return f"<details open><summary>{title}</summary>\n<ul>\n{items}\n</ul></details>\n"


def _lead_links(name: str, tokens: list[Token]) -> None:
    """Let links lead to where on the page it is."""
    links = [each for token in tokens for each in token.children or () if each.type == "link_open"]
    for link in links:
        address = _address(name, str(link.attrGet("href")))
        link.attrs = {"href": address} if address else {}


def _address(name: str, address: str) -> str | None:
    """Where a link leads on the page; None when that is not there."""
    file, _, anchor = address.partition("#")
    if file.endswith(".json"):
        return f"docs/{file}"
    if "://" in file:
        return address
    document = file.removesuffix(".md") or name
    if document not in PARTS:
        return None
    return f"#{document}-{anchor}" if anchor else f"#{document}"
