"""The examples of docs/http.md with real curl, as they are written."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.auth.tokens import Tokens
from backend.protocol.http.endpoint import Endpoint
from backend.protocol.http.session import REGISTER
from backend.protocol.http.table import ENDPOINTS
from tests import ROOT
from tests.files.pictures import picture
from tests.files.uploading import ask, uploaded
from tests.support.client import Person, town_of
from tests.support.server import Server
from tests.support.shared import SharedTown, shared_server

pytestmark = pytest.mark.process

SECTIONS = (ROOT / "docs" / "http.md").read_text().split("\n#### ")[1:]
EXAMPLES = {
    section.partition("\n")[0]: section.partition("```sh\n")[2].partition("\n```")[0]
    for section in SECTIONS
}
SECRET = "a secret of this test alone, long enough"
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "11"}


async def shell(command: str, folder: Path) -> str:
    """Run a command; gives what it prints, and fails where it does."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-ec", command,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output.decode(errors="replace")


async def filled(command: str, person: Person) -> str:
    """A command with what is this person's in place of names."""
    command = command.replace("alice", person.username)
    operator = Tokens((SECRET,), 60).sign_operator()
    command = command.replace("$OPERATOR", operator)
    if "$UPLOAD" in command:
        begun = await ask(person, "POST", "/files/tus", headers=TUS)
        command = command.replace("$UPLOAD", begun.headers["Location"].rpartition("/")[2])
    if "$ID" in command or "$AVATAR" in command:
        told = await uploaded(person, picture("PNG", (64, 64)))
        command = command.replace("$ID", str(told["id"])).replace("$AVATAR", str(told["id"]))
    if "avatars" in command:
        await (await person.connect()).do("update_profile", avatar=told["id"])
    return command


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that answers all there is."""
    settings = {"METRICS": "loopback", "DEV": "1", "JWTSECRET": SECRET}
    with shared_server(tmp_path_factory.mktemp("typed"), settings) as server:
        yield server


def test_every_route_has_its_example() -> None:
    """What is typed below is all of them."""
    assert EXAMPLES.keys() == {f"{each.method} {each.path}" for each in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
async def test_an_example_does_what_it_says(
    answering: Server, tmp_path: Path, endpoint: Endpoint
) -> None:
    """Typed as it is written, but for names, it gets the first answer that is told."""
    command = EXAMPLES[f"{endpoint.method} {endpoint.path}"]
    (tmp_path / "cat.png").write_bytes(picture("PNG", (30, 20)))
    async with town_of(SharedTown, answering.url) as here:
        person = await here.person("alice")
        typed = [f"{await filled(command, person)} -sS -w '\\n%{{http_code}}'"]
        if endpoint is REGISTER:
            typed = [typed[0].replace(person.username, f"{person.username}-too")]
        elif "-b jar" in command:
            login = await filled(EXAMPLES["POST /auth/login"], person)
            typed = [f"{login} -sS -o /dev/null", *typed]
        address = f"localhost:{answering.port}"
        printed = await shell("\n".join(typed).replace("localhost:8000", address), tmp_path)
    assert printed.rpartition("\n")[2] == str(endpoint.ok.status), printed
