"""Everything that any server or command of the tests has printed, searched for secrets."""

import re
from collections.abc import Iterator

import pytest

# What looks like a token or a hash, whosever it is.
TELLTALE = re.compile(r"eyJ[\w-]{8,}\.[\w-]*\.|\$argon2|BEGIN [A-Z ]*PRIVATE KEY|refresh-token=")
# The same password stands in what newcomers are told to type.
TOLD = re.compile(r"'\{\"username\": \"\w+\", \"password\": [^}]*\}'|'correct horse'")

_texts: list[str] = []
_secrets: set[str] = set()


def keep(text: str) -> None:
    """Remember what a process has printed."""
    _texts.append(text)


def keep_secret(*secrets: str) -> None:
    """Remember what no process may print."""
    _secrets.update(filter(None, secrets))


def found_secrets(text: str) -> list[str]:
    """The lines of a text in which a secret stands."""
    lines = TOLD.sub("", text).splitlines()
    return [
        line for line in lines if TELLTALE.search(line) or any(each in line for each in _secrets)
    ]


@pytest.fixture(scope="session", autouse=True)
def no_secrets() -> Iterator[None]:
    """Hold at the end of all tests that no token, password or secret stands in what was printed."""
    yield
    assert not [line for text in _texts for line in found_secrets(text)]
