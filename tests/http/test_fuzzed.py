"""A fuzzer asks a running server whatever OpenAPI lets it, and what it does not (schemathesis).

No answer is a fault, and each is one of those that the document names: by status, type and schema.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode, serializer
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi import from_dict

from backend.reference.openapi import openapi
from backend.settings import Settings, limits_of
from tests.files.pictures import picture
from tests.support.http import JSON, PASSWORD
from tests.support.shared import shared_server

pytestmark = pytest.mark.process

load_all_checks()
serializer.alias("application/offset+octet-stream", "application/octet-stream")
HELD: Any = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
DOCUMENT = openapi(limits_of(Settings()))
FUZZED = from_dict(DOCUMENT)
NAMES = [each["operationId"] for item in DOCUMENT["paths"].values() for each in item.values()]
EXAMPLES = 25
Operation = APIOperation[Any, Any, Any, Any]
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "9"}
UNSLOWED = dict.fromkeys(("LOGIN_ATTEMPTS", "UPLOADS_PER_HOUR", "MAX_SESSIONS"), "1000000")


class Alice:
    """Somebody on a server, who has a picture, and an upload that has begun."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.account = {"username": "alice", "password": PASSWORD, "fullname": "Alice"}
        assert requests.post(f"{url}/register", json=self.account, timeout=9).status_code == 201
        mine, png = self.log_in(), picture("PNG", (30, 20))
        sent = requests.post(f"{url}/files", data=png, headers=mine, timeout=9)
        begun = requests.post(f"{url}/files/tus", headers=mine | TUS, timeout=9)
        self.places = {"id": sent.json()["id"], "upload": begun.headers["Location"].split("/")[-1]}

    def log_in(self) -> dict[str, str]:
        """The header of a new session."""
        found = requests.post(f"{self.url}/auth/login", json=self.account, headers=JSON, timeout=9)
        return {"Authorization": f"Bearer {found.json()['access_token']}"}


@pytest.fixture(scope="module")
def alice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alice]:
    """Alice, on a server where nothing is slowed down."""
    with shared_server(tmp_path_factory.mktemp("fuzzed"), UNSLOWED) as server:
        yield Alice(server.url)
    assert "Traceback" not in server.output, server.output


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_asked(alice: Alice, name: str) -> None:
    """What fits and what does not, by somebody and by nobody, of what is there and of anything."""
    operation, bearer = FUZZED.find_operation_by_id(name), alice.log_in()
    asked = st.one_of([operation.as_strategy(mode) for mode in modes(operation)])

    @settings(
        max_examples=EXAMPLES if operation.body or any(operation.iter_parameters()) else 3,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asked, is_known=st.booleans(), is_there=st.booleans(), accepted=st.booleans())
    def ask(case: Case[Any], is_known: bool, is_there: bool, accepted: bool) -> None:
        headers = (bearer if is_known else {}) | (JSON if accepted else {})
        if is_there:
            case.path_parameters.update(
                {key: alice.places[key] for key in case.path_parameters if key in alice.places}
            )
        case.call_and_validate(alice.url, headers=headers, checks=HELD, timeout=9)

    ask()


def modes(operation: Operation) -> list[GenerationMode]:
    """Of what takes nothing, nothing can be wrong."""
    if operation.body or any(operation.iter_parameters()):
        return [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    return [GenerationMode.POSITIVE]


def test_the_document_is_valid() -> None:
    """It is OpenAPI 3.1, and a broken one would be noticed."""
    FUZZED.validate()
    broken: Any = {**DOCUMENT, "paths": {"/register": {"post": {"responses": 7}}}}
    with pytest.raises(Exception, match="7"):
        from_dict(broken).validate()


def test_an_answer_that_is_not_named_is_noticed(alice: Alice) -> None:
    """The same checks fail where the document says something else than the server."""
    wrong: Any = json.loads(json.dumps(DOCUMENT))
    wrong["components"]["schemas"]["About"]["required"] = ["edition"]
    case: Case[Any] = from_dict(wrong).find_operation_by_id("about").Case()
    with pytest.raises(FailureGroup, match="edition"):
        case.call_and_validate(alice.url, headers=JSON, checks=HELD, timeout=9)
