"""POST /dev/faults: planning them, where DEV=1."""

from functools import partial

from aiohttp import web

from backend.accounts.services import Services
from backend.handlers.faults import Faults, Plan
from backend.http.body import read_body
from backend.http.responses import answer
from backend.http.routing import Route
from backend.protocol.errors import Code, Refused
from backend.protocol.http.dev import FAULTS, MOST, FaultsPlanned, FaultsWanted


def routes(services: Services, faults: Faults | None) -> list[Route]:
    """The routes; none where no faults can be planned."""
    return [] if faults is None else [Route(FAULTS, partial(plan_faults, services, faults))]


async def plan_faults(services: Services, faults: Faults, request: web.Request) -> web.Response:
    """Have the next requests of who asks refused."""
    identity = await services.identities.require_live(request)
    body = await read_body(request, FaultsWanted)
    if body.code not in set(Code):
        raise Refused(Code.INVALID_REQUEST, "code should be one of an error", "code")
    if not body.times.isdecimal() or len(body.times) > 4 or int(body.times) > MOST:
        raise Refused(Code.INVALID_REQUEST, f"times should be a number up to {MOST}", "times")
    plan = Plan(Code(body.code), int(body.times), body.type)
    faults.plan(identity.user_id, plan)
    return answer(request, FAULTS.ok, FaultsPlanned(*plan))
