"""What the server itself answers: what it is, how it is, its pages, the socket."""

from typing import Literal

from msgspec import UNSET, UnsetType

from backend.protocol.errors import Code
from backend.protocol.http.endpoint import Answer, Endpoint, Parameter, Problem
from backend.protocol.models import Thing

PAGE = "text/html"


class About(Thing, frozen=True):
    """Which server this is; `protocol` is the version of what goes over the socket, `dev` is there
    with `DEV=1`, `node` is
    what it is called where it is one of several.
    """

    name: Literal["parley"]
    version: str
    protocol: int
    dev: Literal[True] | UnsetType = UNSET
    node: str | UnsetType = UNSET


class ConnectedUser(Thing, frozen=True):
    """Somebody with live sockets: how many, the frames they have sent on them, and the bytes that
    wait for them to read.
    """

    username: str
    sockets: int
    frames: int
    waiting: int


class Connected(Thing, frozen=True):
    """How many users have live sockets, and some of them."""

    count: int
    users: tuple[ConnectedUser, ...]


class Health(Thing, frozen=True):
    """Whether it is so; `reason` says why not."""

    status: Literal["ok", "unavailable"]
    reason: str | UnsetType = UNSET


ABOUT = Endpoint(
    name="about",
    method="GET",
    path="/",
    says="Which server this is; for a browser (`Accept: text/html`), the page.",
    example="curl localhost:8000/",
    answers=(Answer(200, data=About, media=(PAGE,)),),
    reads_database=False,
)
PING = Endpoint(
    name="ping",
    method="GET",
    path="/misc/ping",
    says="Say that the server answers.",
    example="curl localhost:8000/misc/ping",
    answers=(Answer(200, text="pong"),),
    reads_database=False,
)
HEALTH = Endpoint(
    name="health",
    method="GET",
    path="/health",
    says="""Say whether the process is alive; starting it anew would mend what is not.

A database that takes nothing now is no reason: ask `/ready`.""",
    example="curl localhost:8000/health",
    answers=(
        Answer(200, "it is", data=Health),
        Answer(503, "it is not, with the reason", data=Health),
    ),
    reads_database=False,
)
READY = Endpoint(
    name="ready",
    method="GET",
    path="/ready",
    says="""Say whether traffic may come here.

It may while the database takes reads and writes, and the server does not drain.""",
    example="curl localhost:8000/ready",
    answers=(
        Answer(200, "it may", data=Health),
        Answer(503, "it may not, with the reason", data=Health),
    ),
    reads_database=False,
)
SOCKET = Endpoint(
    name="socket",
    method="GET",
    path="/ws",
    says="""Open a WebSocket, on which everything but accounts and files happens.

It is opened for anybody, and closed at once with a code for who is not logged in, because a page is
shown nothing of a refused handshake.""",
    example="""curl -i localhost:8000/ws -H 'Connection: Upgrade' -H 'Upgrade: websocket' \\
  -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=='""",
    parameters=(Parameter("cursor", "query", "where to resume from; empty for a first start"),),
    answers=(Answer(101, "a WebSocket"),),
    problems=(Problem(Code.INVALID_REQUEST, "it is no WebSocket handshake", 426),),
    reads_database=False,
)
METRICS = Endpoint(
    name="metrics",
    method="GET",
    path="/metrics",
    says="""Every figure, as Prometheus reads it, for who asks on the server's machine.

It is where `METRICS` says, and at first nowhere.""",
    example="curl localhost:8000/metrics",
    answers=(Answer(200, media=("text/plain",)),),
    problems=(Problem(Code.NOT_FOUND, "somebody else asks"),),
    reads_database=False,
)
CONNECTED = Endpoint(
    name="connected",
    method="GET",
    path="/metrics/connected",
    says="""Who is connected, those who ask for the most first, for the operator's `top`.

It is where `/metrics` is. The token is signed with the server's secret, and good for a minute.""",
    example='curl localhost:8000/metrics/connected -H "Authorization: Bearer $OPERATOR"',
    parameters=(Parameter("Authorization", "header", "`Bearer`, and the operator's token"),),
    answers=(Answer(200, data=Connected),),
    problems=(Problem(Code.NOT_FOUND, "somebody else asks"),),
    reads_database=False,
)
ENDPOINTS = (ABOUT, PING, HEALTH, READY, METRICS, CONNECTED, SOCKET)
