"""Baked images: what goes in comes out, and bent images end in a sentence."""

import contextlib
import io
import struct
import zlib

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from vc import bakery
from vc.errors import Malformed

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>'


def _png() -> bytes:
    out = io.BytesIO()
    segno.make("https://learnometer.example").save(out, kind="png")
    return out.getvalue()


PNG = _png()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("credential", ['{"name": "Prüfung ]]> <&"}', "aaa.bbb.ccc"])
def test_baked_credential_comes_out_as_it_went_in(credential: str) -> None:
    assert bakery.unbake(bakery.bake_png(PNG, credential)) == credential
    assert bakery.unbake(bakery.bake_svg(SVG, credential)) == credential


def test_baking_again_replaces_the_credential() -> None:
    for bake, image in ((bakery.bake_png, PNG), (bakery.bake_svg, SVG)):
        assert bakery.unbake(bake(bake(image, '{"a": 1}'), '{"a": 2}')) == '{"a": 2}'


def test_credential_is_the_first_child_of_the_svg() -> None:
    baked = bakery.bake_svg(SVG, "aaa.bbb.ccc").decode()
    assert '<openbadges:credential verify="aaa.bbb.ccc"' in baked
    assert baked.index("openbadges:credential") < baked.index("<path")


def test_two_credentials_in_one_image_are_refused() -> None:
    text = _chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}")
    twice = PNG[:33] + text + text + PNG[33:]
    with pytest.raises(Malformed, match="2 Open Badge credentials"):
        bakery.unbake(twice)


def test_compressed_chunk_is_read_and_a_bomb_is_not() -> None:
    def baked(text: bytes) -> bytes:
        body = b"openbadgecredential\0\1\0\0\0" + zlib.compress(text)
        return PNG[:33] + _chunk(b"iTXt", body) + PNG[33:]

    assert bakery.unbake(baked(b'{"a": 1}')) == '{"a": 1}'
    with pytest.raises(Malformed):
        bakery.unbake(baked(b" " * 50_000_000))


@pytest.mark.parametrize(
    "image",
    [
        PNG,
        PNG[:40],
        PNG[:8],
        PNG[:-20] + b"\0" * 20,
        b"<svg",
        b"<html/>",
        SVG,
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "http://127.0.0.1/a"><svg>a</svg>',
    ],
)
def test_image_without_a_sound_credential_is_refused(image: bytes) -> None:
    with pytest.raises(Malformed):
        bakery.unbake(image)


@given(st.integers(0, len(PNG) + 40), st.integers(0, 255))
def test_any_bent_png_ends_in_a_refusal_or_in_the_credential(position: int, value: int) -> None:
    baked = bytearray(bakery.bake_png(PNG, '{"a": 1}'))
    baked[position % len(baked)] = value
    with contextlib.suppress(Malformed):
        assert bakery.unbake(bytes(baked)) == '{"a": 1}'
