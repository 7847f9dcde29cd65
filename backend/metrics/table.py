"""Every figure of ours: its name, what it means, its labels, and where it is read.

No label may grow with users, addresses or conversations: each has as many values as the code names.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from backend import VERSION, garbage
from backend.instruments import Histogram
from backend.metrics.sources import Sources
from backend.protocol.errors import Code

Labels = tuple[str, ...]
Sample = tuple[Labels, float | Histogram]
Read = Callable[[Sources], Iterable[Sample]]


class Metric(NamedTuple):
    """One figure; `read` gives a value, or a Histogram, for each of its labels' values."""

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    text: str
    labels: Labels
    read: Read


def one(read: Callable[[Sources], float | Histogram | None]) -> Read:
    """A figure without labels; without a value while it is not known."""

    def read_one(sources: Sources) -> list[Sample]:
        value = read(sources)
        return [] if value is None else [((), value)]

    return read_one


def _requests(sources: Sources) -> Iterable[Sample]:
    for type_, outcomes in sources.gateway.dispatch.outcomes.items():
        yield (type_, "ok"), outcomes.succeeded
        # there from the start: Prometheus takes what appears for what was always there
        for code, count in {Code.INTERNAL_ERROR: 0, **outcomes.failed}.items():
            yield (type_, code), count


def _request_seconds(sources: Sources) -> Iterable[Sample]:
    for type_, outcomes in sources.gateway.dispatch.outcomes.items():
        if outcomes.seconds.count:
            yield (type_,), outcomes.seconds


def _http_requests(sources: Sources) -> Iterable[Sample]:
    for (method, route, status), count in sources.answered.statuses.items():
        yield (method, route, str(status)), count


def _http_seconds(sources: Sources) -> Iterable[Sample]:
    for route, seconds in sources.answered.seconds.items():
        yield (route,), seconds


def _closed(sources: Sources) -> Iterable[Sample]:
    for code, count in sources.gateway.closed.items():
        yield (code.name.lower() if code is not None else "client",), count


def _resumes(sources: Sources) -> Iterable[Sample]:
    for status, count in sources.gateway.resumes.statuses.items():
        yield (status,), count


def _refused(sources: Sources) -> Iterable[Sample]:
    logins = sources.services.credentials.throttle
    outcomes = sources.gateway.dispatch.outcomes.values()
    counts = {
        "requests": sum(each.failed[Code.RATE_LIMITED] for each in outcomes),
        "login_guesses": logins.guesses.refused,
        "login_checks": logins.checks.refused,
        "registrations": sources.services.registrations.refused,
        "uploads": sources.files.uploads.refused,
        **sources.services.turns.refused,
        **sources.doors.refused,
    }
    for reason, count in counts.items():
        yield (reason,), count


def _behind(position: int | None, head: int | None) -> int | None:
    return None if position is None or head is None else max(0, head - position)


TABLE = (
    Metric("gauge", "parley_info", "1, for the version", ("version",), lambda s: [((VERSION,), 1)]),
    Metric("gauge", "parley_sockets", "live sockets", (),
           one(lambda s: len(s.gateway.registry.sockets()))),
    Metric("gauge", "parley_users_online", "users with a socket, or with one a moment ago", (),
           one(lambda s: len(s.gateway.registry.users))),
    Metric("counter", "parley_sockets_closed_total",
           "sockets that ended, by what closed them: `client` (or its network), or our close code",
           ("code",), _closed),
    Metric("counter", "parley_requests_total",
           "requests on sockets, by type and outcome: `ok` or the error's code",
           ("type", "outcome"), _requests),
    Metric("histogram", "parley_request_seconds", "from a frame's arrival to its reply",
           ("type",), _request_seconds),
    Metric("counter", "parley_http_requests_total",
           "requests over HTTP, by method, route and status",
           ("method", "route", "status"), _http_requests),
    Metric("histogram", "parley_http_request_seconds", "until a request was answered",
           ("route",), _http_seconds),
    Metric("histogram", "parley_collector_pause_seconds",
           "how long the garbage collector held everything up", (), one(lambda _: garbage.PAUSES)),
    Metric("histogram", "parley_commit_seconds", "how long a batch took, until it was on disk", (),
           one(lambda s: s.database.writer.commit_seconds)),
    Metric("histogram", "parley_commit_writes", "writes in a batch", (),
           one(lambda s: s.database.writer.commit_writes)),
    Metric("counter", "parley_commits_failed_total", "batches that the database did not take", (),
           one(lambda s: s.database.writer.commits_failed)),
    Metric("gauge", "parley_writes_waiting", "writes that wait for the batch before", (),
           one(lambda s: s.database.writer.waiting)),
    Metric("gauge", "parley_log_position", "the newest row of the log", (),
           one(lambda s: s.stored.head)),
    Metric("gauge", "parley_hub_behind", "rows of the log that were not handed to sockets yet", (),
           one(lambda s: _behind(s.gateway.hub.position, s.stored.head))),
    Metric("gauge", "parley_search_behind", "rows of the log that search does not know yet", (),
           one(lambda s: _behind(s.stored.searchable, s.stored.head))),
    Metric("gauge", "parley_search_unindexed",
           "older messages to be found only when the index, begun anew, gets to them", (),
           one(lambda s: s.stored.unindexed)),
    Metric("gauge", "parley_outbox_bytes", "bytes that wait to be taken by sockets", (),
           one(lambda s: sum(each.outbox.waiting for each in s.gateway.registry.sockets()))),
    Metric("counter", "parley_resumes_total",
           "sockets that began with a cursor, by status: `start`, `ok` or `reset`",
           ("status",), _resumes),
    Metric("counter", "parley_replayed_events_total", "events that resuming sockets were sent", (),
           one(lambda s: s.gateway.resumes.replayed)),
    Metric("gauge", "parley_password_queue", "passwords that wait to be checked", (),
           one(lambda s: s.services.turns.waiting)),
    Metric("counter", "parley_refused_total", "what was too fast or too much, by what said so",
           ("reason",), _refused),
    Metric("gauge", "parley_database_bytes", "size of the database's files", ("file",),
           lambda s: [((name,), size) for name, size in s.file_sizes().items()]),
    Metric("gauge", "parley_files", "files that people have sent, each copy counted", (),
           one(lambda s: s.stored.files)),
    Metric("gauge", "parley_file_bytes", "their bytes", (), one(lambda s: s.stored.file_bytes)),
)  # fmt: skip
