"""Faults that are asked for: with DEV=1, whoever writes a client has their own requests refused."""

from typing import Any, NamedTuple

from backend.handlers.base import Answer, Handler, Instant, Table
from backend.protocol.base import Request, type_of
from backend.protocol.errors import Code, Refused
from backend.store.engine.db import Db
from backend.views.viewer import Viewer

RETRY_MS = 1000


class Plan(NamedTuple):
    """How many more requests fail, why, and of which type, if not all."""

    code: Code
    times: int
    type: str | None


class Faults:
    """What is planned, by user."""

    def __init__(self) -> None:
        self._plans: dict[int, Plan] = {}

    def plan(self, user_id: int, plan: Plan) -> None:
        """Refuse a user's next requests; this replaces what was planned."""
        self._plans[user_id] = plan

    def among(self, handlers: Table) -> Table:
        """The table, where each handler that asks the database first does what is planned."""
        return {kind: self._faulty(kind, handler) for kind, handler in handlers.items()}

    def _faulty(self, kind: type[Request], handler: Handler) -> Handler:
        if isinstance(handler, Instant):  # by which one finds out what there is, and that one lives
            return handler
        type_, work = type_of(kind), handler.run

        def run(db: Db, me: Viewer, request: Any) -> Answer:
            self._strike(me.id, type_)
            return work(db, me, request)

        return handler._replace(run=run)

    def _strike(self, user_id: int, type_: str) -> None:
        """Raises what is planned, once less."""
        plan = self._plans.get(user_id)
        if plan is None or plan.times < 1 or plan.type not in {None, type_}:
            return
        self._plans[user_id] = plan._replace(times=plan.times - 1)
        if plan.code is Code.INTERNAL_ERROR:
            raise RuntimeError("a fault that was asked for")
        wait = RETRY_MS if plan.code is Code.RATE_LIMITED else None
        raise Refused(plan.code, "a fault that was asked for", retry_after_ms=wait)
