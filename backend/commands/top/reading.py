"""One look at a server: its figures and who is connected, as it tells them on this machine."""

import http.client
import time
from typing import NamedTuple

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from backend.commands.database import CannotDo
from backend.protocol.http.server import CONNECTED, METRICS, Connected

TIMEOUT = 5.0
Key = tuple[str, frozenset[tuple[str, str]]]

_decode = msgspec.json.Decoder(Connected).decode


class Reading(NamedTuple):
    """What a server told, and when (seconds of a clock that never goes back)."""

    at: float
    samples: dict[Key, float]
    connected: Connected

    def value(self, name: str, **labels: str) -> float:
        """One figure; 0 where there is none."""
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    def by(self, name: str, label: str) -> dict[str, float]:
        """A figure by the values of one label, summed over the others."""
        found: dict[str, float] = {}
        for (each, labels), value in self.samples.items():
            if each == name:
                key = dict(labels).get(label, "")
                found[key] = found.get(key, 0.0) + value
        return found

    def total(self, name: str) -> float:
        """A figure summed over its labels."""
        return sum(value for (each, _), value in self.samples.items() if each == name)

    def buckets(self, name: str, **labels: str) -> dict[float, float]:
        """How many values a histogram has up to each bound; summed over labels not given."""
        found: dict[float, float] = {}
        for (each, have), value in self.samples.items():
            if each == f"{name}_bucket" and labels.items() <= dict(have).items():
                bound = float(dict(have)["le"])
                found[bound] = found.get(bound, 0.0) + value
        return found


def read(port: int, token: str) -> Reading:
    """Ask the server on this machine; raises CannotDo."""
    connection = http.client.HTTPConnection("localhost", port, timeout=TIMEOUT)
    try:
        figures = _get(connection, METRICS.path, token)
        people = _get(connection, CONNECTED.path, token)
    except (OSError, http.client.HTTPException) as error:
        raise CannotDo(f"no server tells its figures on port {port}: {error}") from None
    finally:
        connection.close()
    samples = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(figures.decode())
        for sample in family.samples
    }
    return Reading(time.monotonic(), samples, _decode(people))


def _get(connection: http.client.HTTPConnection, path: str, token: str) -> bytes:
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise CannotDo(
            f"the server does not tell: {path} is answered {answer.status}; METRICS and JWTSECRET"
            " have to be here what they are there"
        )
    return body
