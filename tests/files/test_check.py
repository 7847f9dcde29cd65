"""`check`: what is wrong with the bytes of files."""

import pytest

from tests.files.pictures import picture
from tests.files.uploading import uploaded
from tests.guarantees.conftest import Serve


@pytest.mark.parametrize(
    ("harm", "text"),
    [
        ("remove", "the bytes {} of a file are missing"),
        ("shorten", "the bytes {} of a file are damaged"),
        ("change", "the bytes {} of a file are damaged"),
        ("add", "the bytes {} belong to no file"),
    ],
)
async def test_what_is_wrong_is_said(serve: Serve, harm: str, text: str) -> None:
    """Of a picture and of each small one made of it."""
    server, people = await serve()
    await uploaded(await people.person("alice"), picture("PNG", (99, 99)))
    wrong = []
    for path in sorted((server.folder / ".data" / "files").glob("??/*")):
        content = path.read_bytes()
        if harm == "remove":
            path.unlink()
        elif harm == "add":
            path.with_name("0" * 62).write_bytes(b"x")
        else:
            path.write_bytes(content[:-1] if harm == "shorten" else content[:-1] + b"?")
        name = "0" * 62 if harm == "add" else path.name
        wrong.append(text.format(path.parent.name + name))
    code, output = await server.command("check")
    assert (code, sorted(output.splitlines())) == (1, sorted(wrong))
    assert len(wrong) == 4
