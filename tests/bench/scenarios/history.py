"""History: whether reading, sending and starting stay as fast as the tables grow."""

import asyncio
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.history import add_messages
from tests.bench.load.ask import Ask
from tests.bench.load.client import Seat, seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.pairs import Pairs
from tests.bench.loading import measure
from tests.bench.process import BenchError, serve
from tests.bench.scenario import Bar, Bench, Scenario, Side
from tests.bench.single import ask
from tests.bench.world import mint, token_of

READERS = range(1, 11)
BUSY, PAIRS, SILENT = 20, 20, 30
KEPT = 1000
WINDOW = 8
LIST = '{"type":"get_conversations","ref":1,"limit":50}'


def make_past(path: Path, messages: int) -> None:
    """Mint ten people in fifty groups, and twenty pairs; messages in the pairs and in 20 groups."""
    pairs = [(10 + number, 10 + PAIRS + number) for number in range(1, PAIRS + 1)]
    groups = [*[READERS] * BUSY, *pairs, *[READERS] * SILENT]
    mint(path, 10 + 2 * PAIRS, groups)
    add_messages(path, messages, BUSY + PAIRS, KEPT)


def past(bench: Bench, messages: int) -> Path:
    """The database with so many messages, made once; reading does not change it."""
    return bench.once(f"past-{messages}.db", partial(make_past, messages=messages))


def present(bench: Bench, messages: int) -> Path:
    """That database to write to: the large one goes on from where it is, an empty one is fresh."""
    if messages:
        return past(bench, messages)
    return bench.copy("past-0.db", partial(make_past, messages=0))


def pages(messages: int, count: int) -> list[str]:
    """Requests for a hundred messages of busy groups: every other the newest, or any older ones."""
    chance = random.Random(1)
    befores = (chance.randint(messages // 2, messages) for _ in range(count))
    return [
        f'{{"type":"get_messages","ref":{number},"conversation_id":{chance.randint(1, BUSY)}'
        + (f',"before":{before}}}' if number % 2 else "}")
        for number, before in enumerate(befores)
    ]


def read_messages(bench: Bench, messages: int) -> Numbers:
    """Read pages of messages."""
    return _ask(bench, messages, pages(messages, bench.scale.reads))


def read_conversations(bench: Bench, messages: int) -> Numbers:
    """Read lists of conversations."""
    return _ask(bench, messages, [LIST] * bench.scale.reads)


def _ask(bench: Bench, messages: int, requests: list[str]) -> Numbers:
    with serve("product", past(bench, messages)) as running:
        job = Ask(running.port, Seat(token_of(READERS[0])), requests)
        return measure(running, job, "answers")


def send(bench: Bench, messages: int) -> Numbers:
    """Send one-to-one on top of so many messages."""
    path = present(bench, messages)
    with serve("product", path) as running:
        job = Pairs(
            running.port,
            senders=seats_of(map(token_of, range(11, 11 + PAIRS))),
            receivers=seats_of(map(token_of, range(11 + PAIRS, 11 + 2 * PAIRS))),
            conversations=list(range(BUSY + 1, BUSY + PAIRS + 1)),
            messages=bench.scale.pair_messages * WINDOW // 2,
            window=WINDOW,
        )
        return measure(running, job, "messages")


def start(bench: Bench, messages: int) -> Numbers:
    """Start the server and time its first answer; the median of several starts."""
    path = present(bench, messages)
    return {"first_answer_s": median(_start(path) for _ in range(bench.scale.starts))}


def _start(path: Path) -> float:
    begun = time.perf_counter()
    with serve("product", path) as running:
        answer = asyncio.run(ask(running.port, token_of(READERS[0]), LIST))
        took = time.perf_counter() - begun
    if '"success":true' not in answer[:100]:
        raise BenchError(f"the first answer is {answer[:300]}")
    return took


def scenarios(histories: tuple[int, ...]) -> tuple[Scenario, ...]:
    """The scenarios for databases with so many messages; the last one is beside the first."""

    def sides(measured: Callable[..., Numbers], sizes: tuple[int, ...]) -> dict[str, Side]:
        return {name(size): partial(measured, messages=size) for size in sizes}

    few, many = name(histories[0]), name(histories[-1])
    flat = (Bar("p99_ms", many, 1.5, few),)
    ends = (0, histories[-1])
    return (
        Scenario("get-messages", "get_messages, 100", sides(read_messages, histories), flat),
        Scenario(
            "get-conversations", "get_conversations, 50", sides(read_conversations, histories), flat
        ),
        Scenario(
            "send-after-history",
            "send with many messages stored",
            sides(send, ends),
            (Bar("throughput", many, 0.8, "empty", at_least=True),),
        ),
        Scenario(
            "start",
            "start, until the first answer",
            sides(start, ends),
            (Bar("first_answer_s", many, 2, "empty"),),
        ),
    )


def name(messages: int) -> str:
    """How a number of messages is called in the report."""
    if not messages:
        return "empty"
    for size, letter in ((10**6, "M"), (10**3, "k")):
        if messages % size == 0:
            return f"{messages // size} {letter}"
    return str(messages)
