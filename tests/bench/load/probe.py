"""A bystander at a busy server: the lag of its loop, and how long a small request takes."""

import asyncio

import msgspec
from picows import WSFrame, WSMsgType, WSTransport

from tests.bench.load.client import PATIENCE, PING, Listener, Seat, connect, gate
from tests.bench.load.clock import Numbers, latencies, now


class Probe(msgspec.Struct, tag="probe"):
    """The job: until the harness says stop, in turns a ping of the WebSocket and one as an event.

    A WebSocket ping is answered by the server's loop as soon as it turns: its round trip is the
    loop's lag. The event takes the way of every request and reply.
    """

    port: int
    seat: Seat
    pause: float

    async def run(self) -> Numbers:
        """Do it; gives the lag and the bystander's waiting time."""
        bystander = await connect(self.port, self.seat, Bystander())
        await bystander.event()
        await gate("ready")
        stop = asyncio.create_task(gate("probing"))
        lags: list[float] = []
        waits: list[float] = []
        while not stop.done() or not waits:
            lags.append(await bystander.ping())
            await asyncio.sleep(self.pause)
            waits.append(await bystander.event())
            await asyncio.sleep(self.pause)
        return {
            **{f"lag_{name}": value for name, value in latencies(lags).items()},
            **{f"bystander_{name}": value for name, value in latencies(waits).items()},
            "probes": len(lags),
            "dropped": bystander.dropped,
        }


class Bystander(Listener):
    """Somebody who asks and waits for the answer."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: asyncio.Future[float] | None = None

    async def ping(self) -> float:
        """Ping the WebSocket; gives the seconds until the pong."""
        assert self.transport is not None
        begun = now()
        self.transport.send_ping(b"lag")
        return await self._answered() - begun

    async def event(self) -> float:
        """Send the event `ping`; gives the seconds until its reply."""
        begun = now()
        self.send(PING)
        return await self._answered() - begun

    async def _answered(self) -> float:
        self._answer = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(PATIENCE):
            return await self._answer

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take the answer."""
        expected = frame.msg_type in {WSMsgType.PONG, WSMsgType.TEXT}
        if expected and self._answer is not None and not self._answer.done():
            self._answer.set_result(now())
