"""A request that needs no database, one at a time: what the gateway itself costs."""

from tests.bench.load.ask import Ask
from tests.bench.load.client import Seat
from tests.bench.load.clock import Numbers
from tests.bench.loading import measure
from tests.bench.process import serve
from tests.bench.scenario import Bench, Scenario
from tests.bench.world import mint, token_of

PING = '{"type":"ping","ref":1}'


def run(bench: Bench, server: str) -> Numbers:
    """Ping one server."""
    path = bench.copy("echo.db", lambda path: mint(path, 1, []))
    with serve(server, path) as running:
        job = Ask(running.port, Seat(token_of(1)), [PING] * bench.scale.pings)
        return measure(running, job, "answers")


SCENARIOS = (
    Scenario(
        "ping",
        "ping, one at a time",
        {"product": lambda bench: run(bench, "product"), "echo": lambda bench: run(bench, "echo")},
        (),
    ),
)
