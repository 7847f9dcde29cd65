"""The benchmark: the product as a real process beside the floor of the same socket work.

`python -m tests.bench` (or `make bench`) runs it; see docs/performance.md.
"""
