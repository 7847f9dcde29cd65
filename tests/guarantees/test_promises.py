"""docs/guarantees.md names tests that exist and codes that are sent."""

import ast
import re
from pathlib import Path

from backend.protocol.close_codes import CloseCode

HERE = Path(__file__).parent
TEXT = (HERE.parents[1] / "docs" / "guarantees.md").read_text()


def names_in(path: Path) -> set[str]:
    """The names of the tests in a file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    functions = (each for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{path.name}::{each.name}" for each in functions if each.name.startswith("test_")}


def test_every_test_that_is_named_exists() -> None:
    """No promise leans on a test that is gone."""
    there = {name for path in HERE.glob("test_*.py") for name in names_in(path)}
    cluster = (HERE.parent / "cluster").glob("test_*.py")
    there |= {f"cluster/{name}" for path in cluster for name in names_in(path)}
    named = set(re.findall(r"`((?:cluster/)?test_\w+\.py::\w+)`", TEXT))
    assert len(named) > 40
    assert named - there == set()


def test_every_promise_names_its_proof() -> None:
    """Each numbered promise has at least one test."""
    promises = re.split(r"^### ", TEXT, flags=re.MULTILINE)
    numbered = [each for each in promises if re.match(r"\d\. ", each)]
    assert [each[0] for each in numbered] == list("12345678")
    assert all("::test_" in each for each in numbered)


def test_every_close_code_has_its_advice() -> None:
    """What a client does is said for each code the server closes with."""
    table = TEXT.split("### When the socket closes")[1].split("### When to ping")[0]
    assert {int(code) for code in re.findall(r"\b\d{4}\b", table)} >= set(CloseCode)
