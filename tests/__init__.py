"""The tests; each folder mirrors one of backend/, the others say what they prove."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
