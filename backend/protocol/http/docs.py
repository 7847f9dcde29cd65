"""What the server tells about its own protocol."""

from backend.protocol.http.endpoint import Answer, Endpoint
from backend.protocol.http.pages import NOT_CHANGED, PAGE


def _served(name: str, path: str, says: str, media: str) -> Endpoint:
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        says=says,
        example=f"curl localhost:8000{path}",
        answers=(Answer(200, media=(media,), headers=("ETag",)), NOT_CHANGED),
        reads_database=False,
    )


READ = _served("docs", "/docs", "Both references to read, HTTP's and the socket's.", PAGE)
STYLE = _served("docs_style", "/docs/docs.css", "How that page looks.", "text/css")
OPENAPI = _served(
    "openapi",
    "/docs/openapi.json",
    "What goes over HTTP, as OpenAPI 3.1, with the limits of this server.",
    "application/json",
)
ASYNCAPI = _served(
    "asyncapi",
    "/docs/asyncapi.json",
    "What goes over the socket, as AsyncAPI 3.0, with the limits of this server.",
    "application/json",
)
TYPES = _served(
    "types", "/docs/types.d.ts", "What goes over the socket, as TypeScript.", "text/plain"
)

ENDPOINTS = (READ, STYLE, OPENAPI, ASYNCAPI, TYPES)
