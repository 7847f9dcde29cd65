"""The figures of a server, read as Prometheus reads them."""

import re

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.support.server import Server

Labels = frozenset[tuple[str, str]]


class Figures:
    """Samples by name and labels, and the types of their families."""

    def __init__(self, text: str) -> None:
        families = list(text_string_to_metric_families(text))
        self.kinds = {family.name: family.type for family in families}
        self.samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    def of(self, name: str, **labels: str) -> float:
        """One figure; 0 where there is none yet."""
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    def labels(self, name: str) -> set[str]:
        """The names of all labels that the samples of a family have."""
        names = {name, f"{name}_bucket", f"{name}_sum", f"{name}_count"}
        found = [labels for each, labels in self.samples if each in names]
        return {label for labels in found for label, _ in labels}


def metrics_url(server: Server) -> str:
    """Where a server that was given a port of its own for them says they are."""
    found = re.search(r"http://localhost:\d+/metrics", server.output)
    assert found is not None, server.output
    return found[0]


async def figures_at(url: str) -> Figures:
    """All of them, now."""
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return Figures(await answer.text())
