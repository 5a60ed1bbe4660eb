"""The medallion as PNG, for wallets and forms that take no SVG: pixels from the same choices.

The emblem and the level are left out: drawing curves and letters would need an image library.
"""

import struct
import zlib
from functools import lru_cache
from math import atan2, cos, hypot, pi
from typing import Final

from service.medallion import GOLD, Design, design_of

SIZE: Final = 240  # pixels each way; about half a second of drawing
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGBA: Final = (8, 6, 0, 0, 0)

_Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def medallion_png(seed: str) -> bytes:
    """The picture of an achievement on a transparent ground. The same seed, the same bytes."""
    design = design_of(seed)
    rows = b"".join(b"\0" + _row(design, y) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, *_EIGHT_BIT_RGBA)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _row(design: Design, y: int) -> bytes:
    unit = 120 / SIZE  # the drawing is 120 units wide, with its centre in the middle
    return b"".join(
        bytes(_pixel(design, (x + 0.5) * unit - 60, (y + 0.5) * unit - 60, unit))
        for x in range(SIZE)
    )


def _pixel(design: Design, x: float, y: float, unit: float) -> tuple[int, int, int, int]:
    distance, angle = hypot(x, y), atan2(y, x)
    edge = _inside(56.5 + 2.2 * cos(design.lobes * angle) - distance, unit)
    if edge == 0:
        return (0, 0, 0, 0)
    colour = _rgb(design.rim)
    colour = _over(colour, design.ground, _inside(51 - distance, unit))
    for turn in range(design.turns):
        ring = 36.5 + design.swing * cos(design.waves * angle - 2 * pi * turn / design.turns)
        colour = _over(colour, design.line, 0.75 * _inside(0.5 - abs(distance - ring), unit))
    colour = _over(colour, design.rim, _inside(22.5 - distance, unit))
    for radius in (51, 22.5):
        colour = _over(colour, GOLD, _inside(0.6 - abs(distance - radius), unit))
    colour = _over(colour, GOLD, _inside(7 - distance, unit))
    return (*colour, round(255 * edge))


def _inside(depth: float, unit: float) -> float:
    """How much of a pixel lies inside a shape whose border is `depth` units away."""
    return min(1.0, max(0.0, depth / unit + 0.5))


def _over(below: _Colour, above: str, share: float) -> _Colour:
    if share == 0:
        return below
    red, green, blue = (
        round(low + (high - low) * share) for low, high in zip(below, _rgb(above), strict=True)
    )
    return red, green, blue


@lru_cache(maxsize=64)
def _rgb(colour: str) -> _Colour:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
