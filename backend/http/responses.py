"""Answers: plain text for people, JSON for those who say `Accept: application/json`."""

import math

import msgspec
from aiohttp import web
from msgspec import UNSET

from backend.protocol.errors import Refused
from backend.protocol.http.endpoint import STATUS, Answer, Done, Failure
from backend.protocol.models import Thing


def wants_json(request: web.Request) -> bool:
    """Whether the client asks for JSON by name."""
    accepted = ",".join(request.headers.getall("Accept", [])).split(",")
    return any(part.partition(";")[0].strip().lower() == "application/json" for part in accepted)


def answer(request: web.Request, declared: Answer, data: Thing | None = None) -> web.Response:
    """An answer as its route declares it: its text, or its data for those who ask for JSON.

    Without data, the JSON is the text as `message`; without a text, everybody gets JSON.
    """
    if declared.text is None:
        assert data is not None, declared
        return _json(data, declared.status)
    text = declared.text.format_map(msgspec.structs.asdict(data)) if data else declared.text
    return _either(request, text, data or Done(text), declared.status)


def refusal(request: web.Request, refused: Refused, status: int | None = None) -> web.Response:
    """The answer that says why not: the text, or `{"error", "code", …}`; by its code's status."""
    failure = Failure(
        error=refused.text,
        code=refused.code,
        field=UNSET if refused.field is None else refused.field,
        retry_after_ms=UNSET if refused.retry_after_ms is None else refused.retry_after_ms,
    )
    response = _either(request, refused.text, failure, status or STATUS[refused.code])
    if response.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, 11.6.1
    if refused.retry_after_ms is not None:
        response.headers["Retry-After"] = str(math.ceil(refused.retry_after_ms / 1000))
    return response


def _either(request: web.Request, text: str, data: Thing, status: int) -> web.Response:
    if wants_json(request):
        return _json(data, status)
    return web.Response(text=text, status=status)


def _json(data: Thing, status: int) -> web.Response:
    body = msgspec.json.encode(data)
    return web.Response(body=body, status=status, content_type="application/json")
