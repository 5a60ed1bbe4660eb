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
    with pytest.raises(Malformed, match="2 credentials"):
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


OPEN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
)
ELEMENT = '<openbadges:credential verify="aaa.bbb.ccc"/>'
DECLARED = ' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
DRAWN = (
    b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<!-- <svg> -->\n'
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    b"<svg\n  b='>' xmlns='http://www.w3.org/2000/svg' title=\"a &amp; b\"  >\r\n"
    b"  <g><path d='M0 0'/><![CDATA[<svg>]]></g ></svg>\n<!-- end -->"
)


def test_baking_leaves_every_other_byte_of_a_drawing_as_it_is() -> None:
    baked = bakery.bake_svg(DRAWN, "aaa.bbb.ccc").decode()
    assert baked.count(ELEMENT) == baked.count(DECLARED) == 1
    assert baked.replace(ELEMENT, "").replace(DECLARED, "").encode() == DRAWN
    assert bakery.unbake(baked.encode()) == "aaa.bbb.ccc"


def test_baking_leaves_every_other_chunk_of_a_png_as_it_is() -> None:
    text = _chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0aaa.bbb.ccc")
    assert bakery.bake_png(PNG, "aaa.bbb.ccc") == PNG[:33] + text + PNG[33:]
    assert bakery.bake_png(PNG[:33] + text + PNG[33:], "aaa.bbb.ccc") == PNG[:33] + text + PNG[33:]


def test_an_empty_drawing_is_opened_for_the_credential() -> None:
    baked = bakery.bake_svg(b'<s:svg xmlns:s="http://www.w3.org/2000/svg" />', '{"a": 1}')
    assert baked.endswith(
        b'<openbadges:credential><![CDATA[{"a": 1}]]></openbadges:credential></s:svg>'
    )
    assert bakery.unbake(baked) == '{"a": 1}'


def test_a_credential_is_replaced_wherever_an_earlier_baker_put_it() -> None:
    old = (
        b"<g><openbadges:credential verify='a>b'  /></g>",
        b"<g><openbadges:credential>{}</openbadges:credential\n></g>",
        b"<g><o:credential xmlns:o='https://purl.imsglobal.org/clr/v2p0'>x</o:credential></g>",
    )
    for one in old:
        baked = bakery.bake_svg(OPEN + b">" + one + b"</svg>", "aaa.bbb.ccc")
        assert baked == OPEN + b">" + ELEMENT.encode() + b"<g></g></svg>"


def test_a_drawing_with_another_meaning_for_the_prefix_is_refused() -> None:
    other = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://other.example/"/>'
    with pytest.raises(Malformed, match="something else openbadges"):
        bakery.bake_svg(other, "aaa.bbb.ccc")


def test_a_text_that_xml_cannot_carry_is_refused() -> None:
    for text in ("\0", "\x1b", "\r", "\uffff", "\ufffe", "\ud800"):
        with pytest.raises(Malformed, match="cannot carry"):
            bakery.bake_svg(SVG, f'{{"a": "{text}"}}')


def test_a_learner_record_is_baked_under_its_own_names() -> None:
    kind = bakery.kind_of(["VerifiableCredential", "ClrCredential"])
    png, svg = bakery.bake_png(PNG, "{}", kind=kind), bakery.bake_svg(SVG, "{}", kind=kind)
    assert b"iTXtclrcredential\0" in png
    assert svg.startswith(b'<svg xmlns:clr="https://purl.imsglobal.org/clr/v2p0" xmlns=')
    assert b"><clr:credential><![CDATA[{}]]></clr:credential><path" in svg
    assert bakery.unbake(png) == bakery.unbake(svg) == "{}"


@pytest.mark.parametrize("fill", [b"<g/>" * 30_000, b"<a b='" + b"x" * 1_500_000 + b"'/>"])
def test_a_credential_is_found_behind_a_large_drawing(fill: bytes) -> None:
    text = b'<openbadges:credential><![CDATA[{"a": 1}]]></openbadges:credential>'
    image = OPEN + b">" + fill + text + b"</svg>"
    assert bakery.unbake(image) == '{"a": 1}'
    assert bakery.bake_svg(image, "a.b.c").count(b"openbadges:credential") == 1


BAKED = {
    "two credentials": b"><openbadges:credential>{}</openbadges:credential>" * 2,
    "a badge and a learner record": (
        b"><openbadges:credential>{}</openbadges:credential>"
        b"<c:credential xmlns:c='https://purl.imsglobal.org/clr/v2p0'>{}</c:credential>"
    ),
    "one in the attribute and one in the body": (
        b"><openbadges:credential verify='a.b.c'>{}</openbadges:credential>"
    ),
    "an element within": b"><openbadges:credential>{<g/>}</openbadges:credential>",
    "another namespace": b"><credential>{}</credential>",
    "a prefix that is out of its scope": (
        b"><g xmlns:x='https://purl.imsglobal.org/ob/v3p0'/><x:credential>{}</x:credential>"
    ),
    "a prefix that was given another meaning": (
        b"><g xmlns:openbadges='urn:x'><openbadges:credential>{}</openbadges:credential></g>"
    ),
    "an entity nobody defined": b"><openbadges:credential>{&x;}</openbadges:credential>",
    "an entity in the token": b"><openbadges:credential verify='a.&amp;b.c'/>",
    "a long text": b"><openbadges:credential>" + b"x" * 262_145 + b"</openbadges:credential>",
    "too many elements": b">" + b"<g/>" * 32_768,
    "too many attributes": b"".join(b" a%d=''" % number for number in range(32_768)) + b">",
    "an endless tag": b" a='" + b"x" * 3_000_000 + b"'>",
    "too many credentials": b">" + b"<openbadges:credential/>" * 17,
    "too deep": b">" + b"<g>" * 128 + b"</g>" * 128,
}


@pytest.mark.parametrize("inside", BAKED.values(), ids=BAKED)
def test_drawing_with_a_credential_that_is_not_plainly_one_is_refused(inside: bytes) -> None:
    with pytest.raises(Malformed):
        bakery.unbake(OPEN + inside + b"</svg>")


PROLOGUES = {
    "entities": b'<!DOCTYPE svg [<!ENTITY a "b">]>',
    "entities elsewhere": b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
    "default attributes": b'<!DOCTYPE svg [<!ATTLIST svg b CDATA "c">]>',
    "another encoding": b'<?xml version="1.0" encoding="utf-7"?>',
    "letters of another encoding": b'<?xml version="1.0" encoding="iso-8859-1"?><!--\xc3\xa9-->',
}


@pytest.mark.parametrize("prologue", PROLOGUES.values(), ids=PROLOGUES)
def test_drawing_with_rules_or_letters_of_its_own_is_refused(prologue: bytes) -> None:
    sound = OPEN + b"><openbadges:credential>{}</openbadges:credential></svg>"
    assert bakery.unbake(sound) == "{}"
    with pytest.raises(Malformed):
        bakery.unbake(prologue + sound)


def test_drawing_in_another_encoding_is_refused() -> None:
    with pytest.raises(Malformed):
        bakery.unbake((OPEN + b"/>").decode().encode("utf-16"))


@pytest.mark.parametrize(
    "start", [b"<svg\n", b"\xef\xbb\xbf\n<svg>", b"<!-- x --><svg/>", b"<!DOCTYPE svg>", b" <?XML"]
)
def test_a_drawing_is_known_by_its_first_character(start: bytes) -> None:
    assert bakery.looks_like_image(start)


@pytest.mark.parametrize(
    "bent",
    [
        PNG + b"\0",
        PNG[:33] + PNG[8:],
        PNG[:8] + PNG[33:],
        PNG[:33] + _chunk(b"iTXt", b"openbadgecredential\0\2\0\0\0{}") + PNG[33:],
        PNG[:33] + _chunk(b"iTXt", b"openbadgecredential\0\0\1\0\0{}") + PNG[33:],
        PNG[:33]
        + _chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{} ")[:-4])
        + PNG[33:],
        PNG[:33] + _chunk(b"iTXt", b"openbadgecredential\0") + PNG[33:],
    ],
)
def test_a_png_that_can_be_read_in_two_ways_is_refused(bent: bytes) -> None:
    with pytest.raises(Malformed):
        bakery.unbake(bent)


@given(st.integers(0, len(PNG) + 40), st.integers(0, 255))
def test_any_bent_png_ends_in_a_refusal_or_in_the_credential(position: int, value: int) -> None:
    baked = bytearray(bakery.bake_png(PNG, '{"a": 1}'))
    baked[position % len(baked)] = value
    with contextlib.suppress(Malformed):
        assert bakery.unbake(bytes(baked)) == '{"a": 1}'
