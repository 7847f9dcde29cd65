"""One process owns one database file."""

import stat
from pathlib import Path

import pytest

from backend.store.engine import ownership
from backend.store.engine.ownership import Owned

pytestmark = pytest.mark.sqlite


def test_a_database_has_one_owner_at_a_time(tmp_path: Path) -> None:
    """The second is told which file; once the first lets go, it is free. Others are not meant."""
    path = str(tmp_path / "data" / "chat.db")
    lock = ownership.take(path)
    with pytest.raises(Owned, match=r"chat\.db is in use by another server"):
        ownership.take(path)
    ownership.take(str(tmp_path / "data" / "other.db")).close()
    lock.close()
    ownership.take(path).close()
    assert stat.S_IMODE(Path(f"{path}.lock").stat().st_mode) == 0o600
