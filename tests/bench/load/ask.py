"""Asking: one request after the other, and how long each answer takes."""

import asyncio

import msgspec
from picows import WSFrame, WSTransport

from tests.bench.load.client import PATIENCE, Listener, Seat, connect, gate, refuse, tagged
from tests.bench.load.clock import Numbers, latencies, now


class Ask(msgspec.Struct, tag="ask"):
    """The job: each request when the one before is answered; a tenth of them first to warm up."""

    port: int
    seat: Seat
    requests: list[str]

    async def run(self) -> Numbers:
        """Do it; gives how long the answers took."""
        asker = await connect(self.port, self.seat, Asker())
        for request in self.requests[: -(-len(self.requests) // 10)]:
            await asker.ask(request.encode())
        await gate("ready")
        begun = now()
        samples = [await asker.ask(request.encode()) for request in self.requests]
        elapsed = now() - begun
        return {
            "answers": len(samples),
            "throughput": len(samples) / elapsed,
            **latencies(samples),
            "dropped": asker.dropped,
        }


class Asker(Listener):
    """Somebody with one request under way."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: asyncio.Future[float] | None = None

    async def ask(self, request: bytes) -> float:
        """Send a request; gives the seconds until it was answered."""
        self._answer = asyncio.get_running_loop().create_future()
        begun = now()
        self.send(request)
        async with asyncio.timeout(PATIENCE):
            return await self._answer - begun

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take the answer."""
        payload = frame.get_payload_as_bytes()
        if tagged(payload, b"user_status"):  # somebody they know has come
            return
        assert self._answer is not None
        if b'"success":true' in payload[:100]:
            self._answer.set_result(now())
        else:
            self._answer.set_exception(refuse(frame))
