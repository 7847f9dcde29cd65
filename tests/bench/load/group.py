"""A group: every message goes to all members, some messages in flight."""

import asyncio
import secrets

import msgspec
from picows import WSFrame, WSTransport

from tests.bench.load.client import (
    PATIENCE,
    PING,
    Listener,
    Seat,
    connect_all,
    gate,
    refuse,
    tagged,
)
from tests.bench.load.clock import Numbers, cpu_seconds, latencies, now

SAMPLED = 50
NUMBER = b'"content":"'
DIGITS = 8


class Group(msgspec.Struct, tag="group"):
    """The job: `messages` after a tenth more to warm up, each delivered to all before the next.

    `window` of them are in flight, by as many senders. The time from send to delivery is taken at
    some of the members. With a `sender_port` they send on other sockets, opened there.
    """

    port: int
    members: list[Seat]
    conversation: int
    messages: int
    window: int = 1
    sender_port: int | None = None

    async def run(self) -> Numbers:
        """Do it; gives deliveries per second and the time from send to delivery."""
        members = len(self.members)
        tally = Tally(members, self.conversation)
        every = max(1, members // SAMPLED)
        everybody = await connect_all(
            self.port,
            self.members,
            lambda n: Sampled(tally) if n % every == 0 or n < self.window else Member(tally),
        )
        tally.senders = list(everybody[: self.window])
        if self.sender_port is not None:
            seats = self.members[: self.window]
            tally.senders = list(await connect_all(self.sender_port, seats, lambda n: Voice()))
        await tally.greet(everybody)
        await tally.round(max(self.window, self.messages // 10), self.window)
        await gate("ready")
        cpu, begun = cpu_seconds(), now()
        await tally.round(self.messages, self.window)
        elapsed, cpu = now() - begun, cpu_seconds() - cpu
        deliveries = self.messages * members
        return {
            "messages": self.messages,
            "deliveries": deliveries,
            "throughput": deliveries / elapsed,
            **latencies(tally.samples),
            "client_cpu_us": cpu / deliveries * 1e6,
            "dropped": sum(each.dropped for each in everybody),
        }


class Tally:
    """What is under way: a message is done when as many frames came as there are members."""

    def __init__(self, members: int, conversation: int) -> None:
        self._members = members
        self._conversation = conversation
        self._run = secrets.token_hex(4).encode()
        self._sent: list[float] = []
        self.senders: list[Listener] = []
        self.samples: list[float] = []
        self.left = members

    async def greet(self, everybody: list["Member"]) -> None:
        """Ping from everybody: who is answered hears whatever is said from now on."""
        done = self._begin(1)
        self._unsent = 0
        for each in everybody:
            each.send(PING)
        async with asyncio.timeout(PATIENCE):
            await done

    async def round(self, messages: int, window: int) -> None:
        """Send `messages` and return when everybody has them all."""
        done = self._begin(messages)
        for _ in range(min(window, messages)):
            self._send()
        async with asyncio.timeout(PATIENCE):
            await done

    def _begin(self, messages: int) -> asyncio.Future[None]:
        self._unsent = self._undone = messages
        self.left, self.samples = self._members, []
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        return self._done

    def completed(self) -> None:
        """Count a message as done; the next may go."""
        self.left = self._members
        self._undone -= 1
        if self._unsent:
            self._send()
        if not self._undone and not self._done.done():
            self._done.set_result(None)

    def arrived(self, payload: bytes) -> None:
        """Take the time of a delivery."""
        start = payload.index(NUMBER) + len(NUMBER)
        self.samples.append(now() - self._sent[int(payload[start : start + DIGITS])])

    def failed(self, error: Exception) -> None:
        """End the run with what went wrong."""
        if not self._done.done():
            self._done.set_exception(error)

    def _send(self) -> None:
        self._unsent -= 1
        number = len(self._sent)
        self._sent.append(now())
        self.senders[number % len(self.senders)].send(
            b'{"type":"send_message","ref":%d,"conversation_id":%d,"content":"%08d is what is said'
            b' here, as long as what people say to each other on average","client_id":"%b-%d"}'
            % (number, self._conversation, number, self._run, number)
        )


class Voice(Listener):
    """Who sends, and takes no notice of what comes."""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Let it be."""


class Member(Listener):
    """A member who only counts."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Count a frame."""
        self._tally.left -= 1
        if not self._tally.left:
            self._tally.completed()


class Sampled(Member):
    """A member who reads what arrives and takes its time."""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a frame."""
        payload = frame.get_payload_as_bytes()
        if tagged(payload, b"send_message"):
            self._tally.arrived(payload)
        elif not tagged(payload, b"ping"):
            self._tally.failed(refuse(frame))
            return
        super().on_ws_frame(transport, frame)
