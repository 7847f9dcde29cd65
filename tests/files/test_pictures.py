"""Looking at pictures in a process of its own."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.files.pictures import Picture, Pictures
from tests.files.pictures import (
    FORMATS,
    WITH_EXIF,
    bomb,
    exif,
    picture,
    pixels_of,
    position_of,
)

pytestmark = pytest.mark.process

EXAMPLES = 25


async def look(folder: Path, content: bytes, format_: str) -> tuple[Picture | None, Path]:
    """What is told of a picture with this content, and where it lies."""
    path = folder / "picture"
    path.write_bytes(content)
    return await Pictures().look(path, folder, f"image/{format_.lower()}"), path


@pytest.mark.parametrize("format_", FORMATS)
async def test_small_pictures_are_made_of_a_large_one(tmp_path: Path, format_: str) -> None:
    """The thumbnail keeps the sides' ratio, the squares are cut out of the middle."""
    content = picture(format_, (1280, 320))
    found, path = await look(tmp_path, content, format_)
    assert found == Picture(changed=False, width=1280, height=320)
    assert path.read_bytes() == content
    sizes = {}
    for name in ("thumbnail", "512", "96"):
        with Image.open(tmp_path / f"{name}.webp") as small:
            sizes[name] = (small.format, small.size)
    assert sizes == {
        "thumbnail": ("WEBP", (640, 160)), "512": ("WEBP", (512, 512)), "96": ("WEBP", (96, 96)),
    }  # fmt: skip


@pytest.mark.parametrize("format_", WITH_EXIF)
async def test_the_position_goes_and_the_pixels_stay(tmp_path: Path, format_: str) -> None:
    """It is taken out of the file without encoding the picture anew."""
    content = picture(format_, (64, 48), exif=exif())
    assert position_of(content)
    found, path = await look(tmp_path, content, format_)
    assert found == Picture(changed=True, width=64, height=48)
    assert position_of(path.read_bytes()) == {}
    assert pixels_of(path.read_bytes()) == pixels_of(content)
    assert len(path.read_bytes()) == len(content)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
async def test_a_turned_picture_stays_turned(tmp_path: Path, format_: str) -> None:
    """Its size is that of the picture as it is seen, with and without its position."""
    found, path = await look(tmp_path, picture(format_, (64, 48), exif=exif(6)), format_)
    assert found == Picture(changed=True, width=48, height=64)
    with Image.open(tmp_path / "thumbnail.webp") as small:
        assert small.size == (48, 64)
        assert not small.getexif()
    with Image.open(path) as image:
        image.load()
        assert image.getexif()[0x0112] == 6


async def test_a_position_in_xmp_goes_too(tmp_path: Path) -> None:
    """The other place where cameras write it."""
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">exif:GPSLatitude="52,31.2N"</x:xmpmeta>'
    found, path = await look(tmp_path, picture("JPEG", xmp=xmp), "JPEG")
    assert found is not None
    assert found.changed
    assert b"GPS" not in path.read_bytes()


async def test_a_picture_behind_the_picture_loses_its_position(tmp_path: Path) -> None:
    """Cameras put a second JPEG into the file, with metadata of its own."""
    second = Image.new("RGB", (32, 24), "blue")
    second.encoderinfo = {"exif": exif()}
    content = picture("MPO", (64, 48), exif=exif(), save_all=True, append_images=[second])
    assert content.count(b"a camera") == 2
    found, path = await look(tmp_path, content, "JPEG")
    assert found == Picture(changed=True, width=64, height=48)
    assert b"a camera" not in path.read_bytes()


async def test_a_bomb_hurts_nobody_else(tmp_path: Path) -> None:
    """A picture of 2,500 million pixels in a few kilobytes is not decoded."""
    found, _ = await look(tmp_path, bomb(), "PNG")
    assert found == Picture(changed=False)


async def test_a_picture_that_is_cut_off(tmp_path: Path) -> None:
    """It is not one to show, but its metadata is read all the same."""
    content = picture("JPEG", (640, 480), exif=exif())
    found, path = await look(tmp_path, content[: len(content) // 2], "JPEG")
    assert found == Picture(changed=True)
    assert b"a camera" not in path.read_bytes()


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    format_=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6),
    cut=st.floats(0.1, 1),
)
async def test_whatever_is_thrown_at_the_decoder(
    tmp_path: Path, format_: str, changes: list[tuple[float, bytes]], cut: float
) -> None:
    """Damaged pictures are looked at or given up, and nothing else happens."""
    content = bytearray(picture(format_))
    for where, new in changes:
        at = int(where * (len(content) - 1))
        content[at : at + len(new)] = new
    found, _ = await look(tmp_path, bytes(content[: int(len(content) * cut)]), format_)
    assert found is None or found.width is None or found.width > 0
