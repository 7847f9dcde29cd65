"""Requests about what the operator should look at."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import Id, Limit, Request
from backend.protocol.models import Thing

Reason = Annotated[str, Meta(min_length=1), Limit("MAX_REASON_LENGTH")]


class ReportData(Thing, frozen=True):
    """What was reported."""

    message_id: int


class ReportMessage(Request, tag="report_message", frozen=True, kw_only=True):
    """Tell the operator of the server of a message, and why; again: with another reason.

    Nobody else learns of it. The operator sees the message as long as it is not deleted.
    """

    DATA: ClassVar[object] = ReportData
    message_id: Id
    reason: Reason
