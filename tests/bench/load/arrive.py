"""Arriving: people who connect with a cursor and are told what they missed."""

import asyncio

import msgspec
from picows import WSFrame, WSMsgType, WSTransport

from tests.bench.load.client import (
    PATIENCE,
    SLOWEST,
    Listener,
    Seat,
    connect,
    data_of,
    gate,
    gather,
    refuse,
    tagged,
)
from tests.bench.load.clock import Numbers, cpu_seconds, latencies, now

SILENCE = 1.0


class Arrive(msgspec.Struct, tag="arrive"):
    """The job: everybody connects, at most `at_once` at a time.

    Who has been told everything leaves again; or, with `stay`, all stay until nobody has been told
    anything for a second.
    """

    port: int
    seats: list[Seat]
    at_once: int
    stay: bool = False

    async def run(self) -> Numbers:
        """Do it; gives arrivals per second, their duration, and what was told."""
        crowd = Crowd()
        await gate("ready")
        cpu, crowd.begun = cpu_seconds(), now()
        arrivals = await gather(
            (self._arrive(crowd, seat, number) for number, seat in enumerate(self.seats)),
            self.at_once,
        )
        elapsed = now() - crowd.begun
        if self.stay:
            await crowd.silence()
        cpu = cpu_seconds() - cpu
        return {
            "arrivals": len(arrivals),
            "throughput": len(arrivals) / elapsed,
            **latencies([arrival.took for arrival in arrivals]),
            "last_event_s": crowd.last - crowd.begun,
            "missed": min(arrival.missed for arrival in arrivals),
            "known": min(arrival.known for arrival in arrivals),
            "client_cpu_us": cpu / len(arrivals) * 1e6,
            "dropped": sum(arrival.dropped for arrival in arrivals),
        }

    async def _arrive(self, crowd: "Crowd", seat: Seat, number: int) -> "Arrival":
        patience = PATIENCE + self.at_once / SLOWEST
        arrival = await connect(self.port, seat, Arrival(crowd, now()), number, patience)
        async with asyncio.timeout(patience):
            await arrival.complete
        if not self.stay:
            await arrival.leave()
        return arrival


class Crowd:
    """Everybody who arrives: when the last of them was told the last thing."""

    def __init__(self) -> None:
        self.begun = self.last = 0.0

    async def silence(self) -> None:
        """Return when nobody has been told anything for a while."""
        while now() - self.last < SILENCE:  # noqa: ASYNC110  (silence is no event)
            await asyncio.sleep(SILENCE - (now() - self.last))


class Arrival(Listener):
    """One who arrives; `known` counts the contacts whom they know to be online."""

    def __init__(self, crowd: Crowd, begun: float) -> None:
        super().__init__()
        self._crowd = crowd
        self._begun = begun
        self.complete: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.took = 0.0
        self.missed = -2  # `resume` and `resumed` are not what was missed
        self.known = 0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take what the server tells."""
        if frame.msg_type is not WSMsgType.TEXT:
            return
        self._crowd.last = now()
        payload = frame.get_payload_as_bytes()
        if tagged(payload, b"user_status"):
            self.known += 1
            return
        self.missed += 1
        if tagged(payload, b"resume"):
            self.known += len(data_of(payload)["online"])
        elif tagged(payload, b"resumed"):
            self.took = self._crowd.last - self._begun
            self.complete.set_result(None)
        elif not payload.startswith(b'{"type":') and not self.complete.done():
            self.complete.set_exception(refuse(frame))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Note a socket that the server closed before it had told everything."""
        super().on_ws_disconnected(transport)
        if not self.complete.done():
            reason = transport.close_handshake
            self.complete.set_exception(ConnectionError(f"closed by the server: {reason}"))
