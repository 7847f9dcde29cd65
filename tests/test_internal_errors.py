"""What somebody who asked is told of an error."""

import logging

import pytest

from backend.internal_errors import as_refused
from backend.protocol.errors import Code, Refused
from backend.store.engine.faults import Unavailable


def test_a_refusal_is_told_as_it_is() -> None:
    """It was made for who asked."""
    refused = Refused(Code.NOT_FOUND, "no such thing")
    assert as_refused(refused, "ping") is refused


def test_a_database_that_cannot_is_unavailable() -> None:
    """What went wrong inside is not told."""
    refused = as_refused(Unavailable("disk I/O error in /var/lib/secret.db"), "ping")
    assert refused.code is Code.UNAVAILABLE
    assert "secret" not in refused.text


def test_a_fault_of_ours_is_logged_in_full_and_told_by_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reference that is told is the one in the log, beside the traceback."""
    with caplog.at_level(logging.ERROR):
        refused = as_refused(ZeroDivisionError("the secret"), "send_message")
    assert refused.code is Code.INTERNAL_ERROR
    assert "the secret" not in refused.text
    reference = refused.text.rpartition(" ")[2]
    assert caplog.messages == [f"send_message failed, reference {reference}"]
    assert caplog.records[0].exc_info is not None
