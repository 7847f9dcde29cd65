"""SQL stands in the store and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import backend

ROOT = Path(backend.__file__).parent
SQL = re.compile(
    r"\b(SELECT\b.*\bFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|(CREATE|DROP|ALTER) TABLE"
    r"|PRAGMA|BEGIN IMMEDIATE|ATTACH DATABASE)\b",
    re.DOTALL,
)


def texts(path: Path) -> Iterator[tuple[str, int]]:
    """The string literals of a file, docstrings too, each with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def statements(paths: Iterator[Path]) -> list[str]:
    """Where SQL stands."""
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in paths
        for text, line in texts(path)
        if SQL.search(text)
    ]


def test_sql_stands_in_the_store_only() -> None:
    """Everybody else asks one of its functions."""
    store = ROOT / "store"
    assert statements(path for path in ROOT.rglob("*.py") if store not in path.parents) == []
    assert len(statements(store.rglob("*.py"))) > 100


# What PostgreSQL does not take, each beside what both do.
OF_ONE_ENGINE = {
    r"\bIS (NOT )?[:?]": "(x IS NULL OR x <> :y)",
    r"[:?]\w* IS (NOT )?NULL": "CAST(:x AS BIGINT) IS NULL",
    r"\bLIMIT -1": "LIMIT {FOREVER}",
    r"\bjson_(each|extract|array|group)": "engine/lists.py",
    r"\bgroup_concat|\binstr\(|\bifnull\(|\bsqlite_": "in Python",
    r"\bINSERT OR\b": "ON CONFLICT",
    r"FROM \(SELECT[^()]*(\([^()]*\)[^()]*)*\) ?(WHERE|ORDER|GROUP|UNION|$)": "AS a_name",
}


def test_statements_are_such_as_another_engine_takes() -> None:
    """But in the engine itself, and for the search index, which is SQLite's own."""
    own = ("engine", "index_file.py", "indexer.py", "search.py")
    store = ROOT / "store"
    found = [
        f"{path.relative_to(ROOT)}:{line}: {pattern}, rather: {instead}"
        for path in store.rglob("*.py")
        if path.relative_to(store).parts[0] not in own
        for text, line in texts(path)
        for pattern, instead in OF_ONE_ENGINE.items()
        if re.search(pattern, text)
    ]
    assert found == []


def test_pragmas_stand_in_the_engine_only() -> None:
    """As everything else that only one engine understands; the search index is SQLite's own."""
    engine = ROOT / "store" / "engine"
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if engine not in path.parents and any("PRAGMA" in text for text, _ in texts(path))
    }
    assert found <= {"store/index_file.py"}
