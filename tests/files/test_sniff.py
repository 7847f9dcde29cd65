"""What a file is, told from its bytes."""

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.files.sniff import HEAD, PICTURES, PLAIN, STARTS, UNKNOWN, kind_of, sniff
from tests.files.pictures import FORMATS, picture


def sound() -> bytes:
    """A moment of silence."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(800))
    return written.getvalue()


@pytest.mark.parametrize("format_", FORMATS)
def test_pictures_are_told_by_their_bytes(format_: str) -> None:
    """Each kind that a page shows."""
    assert sniff(picture(format_)) == f"image/{format_.lower()}"


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"hdlr....vide..soun", "video/mp4"),
        (b"\0\0\0\x18ftypiso5\0\0\0\0iso5" + b"hdlr........soun", "audio/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
        (b"\0\0\0\x14ftypheic\0\0\0\0", UNKNOWN),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm....V_VP9..A_OPUS", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm........A_OPUS", "audio/webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", UNKNOWN),
        (b"OggS\0\2" + bytes(22) + b"OpusHead", "audio/ogg"),
        (b"OggS\0\2" + bytes(22) + b"\x80theora", "video/ogg"),
        (b"ID3\4\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(8), "audio/mpeg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\x03\x04\x14\0", "application/zip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PLAIN),
        (b"<!doctype html><script>alert(1)</script>", PLAIN),
        ("Füße, 足".encode(), PLAIN),
        (b"a\0b", UNKNOWN),
        (b"", UNKNOWN),
        (b"RIFF\0\0\0\0AVI ", UNKNOWN),
        (b"\xff\xfe\0", UNKNOWN),
    ],
)
def test_what_else_is_told_apart(head: bytes, mime_type: str) -> None:
    """Sound, films, documents, text, and what is none of these."""
    assert sniff(head) == mime_type


def test_a_recording_is_sound() -> None:
    """As the standard library writes it."""
    assert sniff(sound()) == "audio/wav"


@given(st.text(min_size=1, max_size=50), st.integers(0, 3))
def test_text_may_be_cut_inside_a_character(text: str, cut: int) -> None:
    """The head of a long text is text, wherever it ends."""
    clean = "".join(each for each in text if each.isprintable()) or "x"
    head = ("x" + clean * HEAD).encode()[: HEAD - cut][:HEAD]
    assert sniff(head.ljust(HEAD, b".") if cut == 0 else (b"." * cut + head)[:HEAD]) == PLAIN


@given(st.binary(max_size=400))
def test_nothing_that_runs_is_ever_told(head: bytes) -> None:
    """Whatever the bytes are, the type is one of a few, none of which has scripts."""
    found = sniff(head)
    known = {each for _, each in STARTS} | PICTURES | {PLAIN, UNKNOWN}
    assert found in known or found.startswith(("audio/", "video/"))


@given(st.sampled_from(STARTS), st.binary(max_size=100))
def test_what_follows_a_sign_does_not_matter(start: tuple[bytes, str], rest: bytes) -> None:
    """A signature at the beginning decides."""
    assert sniff(start[0] + rest) == start[1]


def test_kinds() -> None:
    """What a conversation's files are sorted by."""
    assert [kind_of(each) for each in ("image/avif", "video/mp4", "audio/ogg", PLAIN)] == [
        "picture", "video", "audio", "file",
    ]  # fmt: skip
