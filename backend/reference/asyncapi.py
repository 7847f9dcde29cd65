"""The protocol as an AsyncAPI 3.0 document, made from the structs."""

from collections.abc import Mapping
from typing import get_args

import msgspec

from backend import VERSION
from backend.protocol.base import PROTOCOL_VERSION, Ref, Request, type_of
from backend.protocol.close_codes import CloseCode
from backend.protocol.errors import Code
from backend.protocol.events import REQUESTS
from backend.reference.examples import example
from backend.reference.help import docs_of
from backend.reference.schemas import Json, bound, ref, require_what_is_told, schemas_of
from backend.reference.structs import pushed, structs_told

Limits = Mapping[str, int]

CURSOR = {
    "type": "string",
    "maxLength": 64,
    "description": "Opaque: where to resume from once this is applied. Not beside a duplicate.",
}
AT = {"type": "integer", "minimum": 0, "description": "The position in the log."}
DESCRIPTION = (
    "Described from the server's side: it receives requests and sends replies and pushes. "
    "docs/protocol.md says the same in prose, docs/guarantees.md what a client can rely on."
)


def asyncapi(limits: Limits, prefix: str = "") -> Json:
    """Return the document.

    `limits` are the numbers of the settings that bound fields, `prefix` is the path that the server
    is below.
    """
    messages = _messages()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parley",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": _server()},
        "channels": {"ws": _channel(messages, prefix)},
        "operations": _operations(),
        "components": {
            "messages": messages,
            "schemas": _schemas(limits),
            "securitySchemes": {
                "cookie": {"type": "httpApiKey", "in": "cookie", "name": "login-token"},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


def _server() -> Json:
    schemes = ["cookie", "bearer"]
    return {
        "host": "localhost:8000",
        "protocol": "ws",
        "protocolVersion": "13",
        "description": f"Protocol version {PROTOCOL_VERSION}, as `make run` starts it.",
        "security": [ref("components", "securitySchemes", name) for name in schemes],
    }


def _channel(messages: Json, prefix: str) -> Json:
    cursor = {"type": "string", "description": "Where to resume from; empty for a first start."}
    codes = {str(int(code)): f"{code.meaning}: the client {code.client}" for code in CloseCode}
    return {
        "address": f"{prefix}/ws",
        "description": "One JSON object per text frame.",
        "messages": {name: ref("components", "messages", name) for name in messages},
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {"type": "object", "properties": {"cursor": cursor}},
            }
        },
        "x-close-codes": codes,
    }


def _operations() -> Json:
    channel = ref("channels", "ws")
    found: Json = {}
    for name in REQUESTS:
        replies = [_in_channel(f"{name}.reply"), _in_channel("error")]
        found[name] = {
            "action": "receive",
            "channel": channel,
            "messages": [_in_channel(name)],
            "reply": {"channel": channel, "messages": replies},
        }
    for name in pushed():
        found[f"{name}.push"] = {
            "action": "send",
            "channel": channel,
            "messages": [_in_channel(f"{name}.push")],
        }
    return found


def _messages() -> Json:
    found: Json = {"error": _message("error", "A request that was not carried out.", "Error")}
    for name, kind in REQUESTS.items():
        found[name] = _message(name, docs_of(kind)[0], kind.__name__) | {
            "examples": [{"payload": example(kind)}]
        }
        found[f"{name}.reply"] = _message(name, f"The reply to {name}.", f"{kind.__name__}Reply")
    for name, (_, when) in pushed().items():
        found[f"{name}.push"] = _message(name, f"Sent {when}.", _push_name(name))
    return found


def _message(name: str, summary: str, schema: str) -> Json:
    return {"name": name, "summary": summary, "payload": ref("components", "schemas", schema)}


def _schemas(limits: Limits) -> Json:
    told = structs_told()
    _, found = schemas_of([*REQUESTS.values(), *told])
    require_what_is_told(found, told)
    for request in REQUESTS.values():
        bound(found[request.__name__], request, limits)
        found[f"{request.__name__}Reply"] = _reply(request)
    for name, (data, _) in pushed().items():
        found[_push_name(name)] = _frame(name, data, {"cursor": CURSOR, "at": AT})
    return found | {"Error": _error()}


def _reply(kind: type[Request]) -> Json:
    beside = {name: {"description": says} for name, says in kind.REPLY_FIELDS.items()}
    return _frame(
        type_of(kind), kind.DATA, {"ref": _ref_schema(), "cursor": CURSOR, "at": AT} | beside
    )


def _frame(type_: str, data: object, more: Json) -> Json:
    properties = {
        "type": {"const": type_},
        "success": {"const": True},
        "data": schemas_of([data])[0][0],
    }
    return {
        "type": "object",
        "required": ["type", "success", "data"],
        "properties": properties | more,
    }


def _error() -> Json:
    return {
        "type": "object",
        "required": ["type", "success", "error", "code"],
        "properties": {
            "type": {"type": "string", "description": "The request's, or `root` if it has none."},
            "success": {"const": False},
            "ref": _ref_schema(),
            "error": {"type": "string", "description": "A sentence for people."},
            "code": {"enum": [str(code) for code in Code]},
            "field": {"type": "string", "description": "The field of the request it is about."},
            "retry_after_ms": {"type": "integer", "description": "Only with `rate_limited`."},
        },
    }


def _ref_schema() -> Json:
    return {"anyOf": [msgspec.json.schema(kind) for kind in get_args(Ref)]}


def _push_name(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_")) + "Push"


def _in_channel(name: str) -> Json:
    return ref("channels", "ws", "messages", name)
