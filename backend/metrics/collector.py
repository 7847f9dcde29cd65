"""The figures as prometheus-client takes them: read when they are asked for."""

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from backend.instruments import Histogram
from backend.metrics.sources import Sources
from backend.metrics.table import TABLE, Metric

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class Figures(Collector):
    """Ours, in the order of the table."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Family]:
        """Every figure as it is now."""
        for metric in TABLE:
            yield _family(metric, self._sources)


def exposition(sources: Sources) -> bytes:
    """Our figures, and the process's, as they are now."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    registry.register(Figures(sources))
    return generate_latest(registry)


def _family(metric: Metric, sources: Sources) -> Family:
    if metric.kind == "histogram":
        seconds = HistogramMetricFamily(metric.name, metric.text, labels=metric.labels)
        for labels, value in metric.read(sources):
            assert isinstance(value, Histogram)
            seconds.add_metric(labels, _buckets(value), value.sum)
        return seconds
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(metric.name, metric.text, labels=metric.labels)
    for labels, value in metric.read(sources):
        assert not isinstance(value, Histogram)
        family.add_metric(labels, value)
    return family


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    """Pairs of a bound and how many values lie below it or at it."""
    bounds = [*map(str, histogram.bounds), "+Inf"]
    return list(zip(bounds, accumulate(histogram.counts), strict=True))
