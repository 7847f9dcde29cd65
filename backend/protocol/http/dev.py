"""What DEV=1 adds for who writes a client."""

from backend.protocol.errors import Code
from backend.protocol.http.endpoint import Answer, Body, Content, Endpoint, Problem, Who
from backend.protocol.models import Thing

MOST = 1000


class FaultsWanted(Body, frozen=True):
    """Why one's own requests on the socket are to be refused, and how many of them.

    `code` is one of [the socket's](protocol.md#errors), `times` a number up to 1000 (0: none any
    more), `type` a request: then only those count.
    """

    code: str
    times: str = "1"
    type: str | None = None


class FaultsPlanned(Thing, frozen=True):
    """What is planned now."""

    code: Code
    times: int
    type: str | None


FAULTS = Endpoint(
    name="plan_faults",
    method="POST",
    path="/dev/faults",
    says="""Have one's own next requests on the socket refused, to see how a client takes it.

`ping` and `help` are carried out all the same. With `internal_error` the server does have a fault,
which is in its log. Only with `DEV=1`.""",
    example="""curl -b jar localhost:8000/dev/faults \\
  -d '{"code": "unavailable", "times": "3", "type": "send_message"}'""",
    who=Who.LOGGED_IN,
    body=(Content("application/json", (FaultsWanted,)),),
    answers=(Answer(200, text="the next {times} are refused with {code}", data=FaultsPlanned),),
    problems=(
        Problem(Code.INVALID_REQUEST, "`code` is none, `times` no number or over 1000"),
        Problem(Code.NOT_FOUND, "the server runs without `DEV`"),
    ),
)
ENDPOINTS = (FAULTS,)
