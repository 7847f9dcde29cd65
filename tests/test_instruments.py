"""Counting: what lies under each bound, and how requests went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.instruments import Histogram, Outcomes


@given(st.lists(st.floats(0, 100)))
def test_every_value_is_counted_once_under_the_first_bound_it_does_not_pass(
    values: list[float],
) -> None:
    """As Prometheus's `le` has it."""
    histogram = Histogram((1.0, 2.5, 10.0))
    for value in values:
        histogram.add(value)
    bounds = [(-1.0, 1.0), (1.0, 2.5), (2.5, 10.0), (10.0, 1000.0)]
    assert histogram.counts == [sum(low < v <= high for v in values) for low, high in bounds]
    assert histogram.count == len(values)
    assert histogram.sum == pytest.approx(sum(values))


def test_what_failed_is_counted_by_code_and_among_all() -> None:
    """What did not fail is the rest."""
    outcomes = Outcomes()
    for code in (None, "not_found", None, "forbidden", "not_found"):
        outcomes.count(0.1, code)
    assert outcomes.succeeded == 2
    assert outcomes.failed == {"not_found": 2, "forbidden": 1}
    assert outcomes.seconds.count == 5
