"""The medallion as PNG: the same for the same achievement, round, and readable by others."""

import struct
import zlib

from service.raster import SIZE, medallion_png


def pixels(png: bytes) -> bytes:
    """The decompressed rows of a PNG that has one IDAT chunk."""
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    body = png[start + 4 : start + 4 + length]
    assert struct.unpack(">I", png[start + 4 + length : start + 8 + length]) == (
        zlib.crc32(b"IDAT" + body),
    )
    return zlib.decompress(body)


def test_same_achievement_has_the_same_picture_and_others_have_others() -> None:
    first = medallion_png("https://issuer.example/achievements/1")
    medallion_png.cache_clear()
    assert medallion_png("https://issuer.example/achievements/1") == first
    assert medallion_png("https://issuer.example/achievements/2") != first


def test_picture_is_a_disc_on_a_transparent_ground() -> None:
    rows = pixels(medallion_png("seed"))
    stride = 1 + 4 * SIZE
    assert len(rows) == stride * SIZE
    middle = (SIZE // 2) * stride + 1 + 4 * (SIZE // 2)
    assert rows[1:5] == bytes(4)
    assert rows[middle + 3] == 255
