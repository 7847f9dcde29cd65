"""One who sends while something else goes on, and how long each waits until it is stored."""

import asyncio
import secrets

import msgspec

from tests.bench.load.ask import Asker
from tests.bench.load.client import Seat, connect, gate
from tests.bench.load.clock import Numbers, latencies


class Sender(msgspec.Struct, tag="sender"):
    """The job: a message, its answer, a pause, until the harness says stop."""

    port: int
    seat: Seat
    conversation: int
    pause: float

    async def run(self) -> Numbers:
        """Do it; gives how long the answers took, and the longest."""
        asker = await connect(self.port, self.seat, Asker())
        run, samples = secrets.token_hex(4), list[float]()
        await asker.ask(self._message(f"{run}-first"))
        await gate("ready")
        stop = asyncio.create_task(gate("probing"))
        while not stop.done() or not samples:
            samples.append(await asker.ask(self._message(f"{run}-{len(samples)}")))
            await asyncio.sleep(self.pause)
        return {
            "messages": len(samples),
            **latencies(samples),
            "worst_ms": max(samples) * 1000,
            "dropped": asker.dropped,
        }

    def _message(self, client_id: str) -> bytes:
        return (
            b'{"type":"send_message","ref":1,"conversation_id":%d,"client_id":"%b",'
            b'"content":"what is said while something goes on"}'
            % (self.conversation, client_id.encode())
        )
