"""One-to-one: pairs of people, each with some messages in flight, or all at a steady rate."""

import asyncio
import secrets
from collections import deque

import msgspec
from picows import WSFrame, WSTransport

from tests.bench.load.client import (
    PATIENCE,
    PING,
    PONG,
    Listener,
    Seat,
    connect_all,
    gate,
    refuse,
    tagged,
)
from tests.bench.load.clock import Numbers, cpu_seconds, latencies, now

REPLY = b'{"type":"send_message","success":true,"ref"'
PUSH = b'{"type":"send_message","success":true,"data"'


class Pairs(msgspec.Struct, tag="pairs"):
    """The job: `messages` by each pair after a tenth more, or `settled`, to warm up.

    `window` messages of a pair are in flight; or, with a `rate`, all pairs together send that many
    a second, whatever comes back.
    """

    port: int
    senders: list[Seat]
    receivers: list[Seat]
    conversations: list[int]
    messages: int
    window: int = 1
    rate: float = 0
    settled: int = 0

    async def run(self) -> Numbers:
        """Do it; gives throughput and the time from send to delivery."""
        pairs = [Pair(conversation) for conversation in self.conversations]
        senders = await connect_all(self.port, self.senders, lambda n: pairs[n].sender)
        receivers = await connect_all(self.port, self.receivers, lambda n: pairs[n].receiver)
        await self._greet(pairs)
        await self._round(pairs, max(self.window, self.messages // 10, self.settled))
        await gate("ready")
        cpu, begun = cpu_seconds(), now()
        await self._round(pairs, self.messages)
        elapsed, cpu = now() - begun, cpu_seconds() - cpu
        total = self.messages * len(pairs)
        samples = [sample for pair in pairs for sample in pair.samples]
        return {
            "messages": total,
            "throughput": total / elapsed,
            **latencies(samples),
            "client_cpu_us": cpu / total * 1e6,
            "dropped": sum(each.dropped for each in [*senders, *receivers]),
        }

    async def _greet(self, pairs: list["Pair"]) -> None:
        """Ping from everybody: who is answered hears whatever is said from now on."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(pair.greet() for pair in pairs))

    async def _round(self, pairs: list["Pair"], messages: int) -> None:
        done = [pair.begin(messages) for pair in pairs]
        paced = messages * len(pairs) / self.rate if self.rate else 0
        async with asyncio.timeout(PATIENCE + paced):
            if self.rate:
                await self._pace(pairs, messages)
            else:
                for pair in pairs:
                    pair.keep = True
                    for _ in range(min(self.window, messages)):
                        pair.send()
            await asyncio.gather(*done)

    async def _pace(self, pairs: list["Pair"], messages: int) -> None:
        begun, sent, total = now(), 0, messages * len(pairs)
        while sent < total:
            due = min(total, int((now() - begun) * self.rate) + 1)
            for number in range(sent, due):
                pairs[number % len(pairs)].send()
            sent = due
            await asyncio.sleep(0.001)


class Pair:
    """A sender, a receiver, and the messages under way between them."""

    def __init__(self, conversation: int) -> None:
        self._conversation = conversation
        self._run = secrets.token_hex(4).encode()
        self._number = 0
        self._sent: deque[float] = deque()
        self.keep = False
        self.samples: list[float] = []
        self.sender, self.receiver = Sender(self), Receiver(self)

    def begin(self, messages: int) -> asyncio.Future[None]:
        """Start to count; gives what is done when all are acknowledged and delivered."""
        self.unsent = self.unacked = self.undelivered = messages
        self.samples = []
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        return self._done

    def greet(self) -> asyncio.Future[None]:
        """Ping from both sides; gives what is done when both are answered."""
        done = self.begin(1)
        self.sender.send(PING)
        self.receiver.send(PING)
        return done

    def greeted(self, side: "Sender | Receiver") -> None:
        """Count the answer to a ping."""
        if side is self.sender:
            self.unacked -= 1
        else:
            self.undelivered -= 1
        self._settle()

    def send(self) -> None:
        """Send the next message."""
        self.unsent -= 1
        self._number += 1
        self._sent.append(now())
        self.sender.send(
            b'{"type":"send_message","ref":%d,"conversation_id":%d,"content":"What is said here is'
            b' as long as what people say to each other on average, number %d","client_id":"%b-%d"}'
            % (self._number, self._conversation, self._number, self._run, self._number)
        )

    def acked(self) -> None:
        """Count a reply; the next message may go."""
        self.unacked -= 1
        if self.keep and self.unsent:
            self.send()
        self._settle()

    def delivered(self) -> None:
        """Count a delivery; they come in the order of sending."""
        self.undelivered -= 1
        self.samples.append(now() - self._sent.popleft())
        self._settle()

    def failed(self, error: Exception) -> None:
        """End the run with what went wrong."""
        if not self._done.done():
            self._done.set_exception(error)

    def _settle(self) -> None:
        if not self.unacked and not self.undelivered and not self._done.done():
            self._done.set_result(None)


class Sender(Listener):
    """The sending side: gets replies."""

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self._pair = pair

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a reply."""
        payload = frame.get_payload_as_bytes()
        if payload.startswith(REPLY):
            self._pair.acked()
        elif payload.startswith(PONG):
            self._pair.greeted(self)
        elif not tagged(payload, b"user_status"):  # the other one has come
            self._pair.failed(refuse(frame))


class Receiver(Listener):
    """The receiving side: gets pushes."""

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self._pair = pair

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a push."""
        payload = frame.get_payload_as_bytes()
        if payload.startswith(PUSH):
            self._pair.delivered()
        elif payload.startswith(PONG):
            self._pair.greeted(self)
        elif not tagged(payload, b"user_status"):  # the other one has come
            self._pair.failed(refuse(frame))
