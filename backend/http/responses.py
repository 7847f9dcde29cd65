"""Answers: plain text for people, JSON for those who say `Accept: application/json`."""

import math

import msgspec
from aiohttp import web

from backend.http.errors import status_of
from backend.protocol.errors import Refused


def wants_json(request: web.Request) -> bool:
    """Whether the client asks for JSON by name."""
    accepted = ",".join(request.headers.getall("Accept", [])).split(",")
    return any(part.partition(";")[0].strip().lower() == "application/json" for part in accepted)


def answer(
    request: web.Request, text: str, values: dict[str, object] | None = None, status: int = 200
) -> web.Response:
    """`text`, or for those who ask for JSON `values` (without them: the text as `message`)."""
    if wants_json(request):
        return json_answer(values if values is not None else {"message": text}, status)
    return web.Response(text=text, status=status)


def json_answer(values: dict[str, object], status: int = 200) -> web.Response:
    """An answer that is JSON whoever asks."""
    body = msgspec.json.encode(values)
    return web.Response(body=body, status=status, content_type="application/json")


def refusal(request: web.Request, refused: Refused, status: int | None = None) -> web.Response:
    """The answer that says why not: the text, or `{"error", "code", …}`; by its code's status."""
    values: dict[str, object] = {"error": refused.text, "code": refused.code}
    if refused.field is not None:
        values["field"] = refused.field
    if refused.retry_after_ms is not None:
        values["retry_after_ms"] = refused.retry_after_ms
    response = answer(request, refused.text, values, status or status_of(refused))
    if response.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, 11.6.1
    if refused.retry_after_ms is not None:
        response.headers["Retry-After"] = str(math.ceil(refused.retry_after_ms / 1000))
    return response
