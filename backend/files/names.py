"""Names of files, as somebody gives them and as they may be shown."""

import re
import unicodedata

MAX_NAME = 200  # characters
MAX_ENDING = 20

# Control characters, lone surrogates, line separators, and what turns the direction of text:
# with those, "photo\u202egpj.exe" would be shown as a picture.
UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
NAMELESS = "file"


def clean_name(name: str) -> str:
    """The name without its path and what cannot be seen, at most MAX_NAME characters, not empty."""
    last = re.split(r"[/\\]", name)[-1]
    shown = unicodedata.normalize("NFC", UNSEEN.sub("", last)).strip(" .")
    if len(shown) > MAX_NAME:
        shown = _shortened(shown)
    return shown or NAMELESS


def _shortened(name: str) -> str:
    """The beginning of a name, with its ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > MAX_ENDING:
        return name[:MAX_NAME].strip(" .")
    return f"{stem[: MAX_NAME - len(ending) - 1].rstrip(' .')}.{ending}"
