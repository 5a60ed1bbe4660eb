"""Pictures that hide a credential in two places, or expand, or reach for something else."""

import io
import struct
import zlib

import segno
from forging.forge import Case, Cases, Forge, text

_OB = "https://purl.imsglobal.org/ob/v3p0"
_OPEN = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{_OB}"'.encode()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def _text(body: bytes, *, keyword: bytes = b"openbadgecredential", flags: bytes = b"\0\0") -> bytes:
    return _chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + body)


def _picture() -> bytes:
    out = io.BytesIO()
    segno.make("https://issuer.example").save(out, kind="png")
    return out.getvalue()


def cases(forge: Forge) -> Cases:
    yield from _pngs(text(forge.signed()))
    yield from _svgs(text(forge.signed()))


def _pngs(sound: bytes) -> Cases:
    picture = _picture()
    head, rest = picture[:33], picture[33:]
    one, other = _text(sound), _text(sound.replace(b"Lesson study", b"Doctorate", 1))

    def case(name: str, content: bytes, code: str, why: str) -> Case:
        return Case(file=f"png/{name}.png", content=content, why=why, step="structure", code=code)

    yield case("no-credential", picture, "baked", "a picture and nothing else")
    yield case("two-credentials", head + one + other + rest, "baked", "two credentials")
    record = _text(sound, keyword=b"clrcredential")
    yield case("badge-and-learner-record", head + one + record + rest, "baked", "two kinds")
    yield case("credential-after-the-end", head + one + rest + other, "png", "one behind the end")
    yield case(
        "picture-after-the-end", head + one + rest + picture, "png", "two pictures in a file"
    )
    yield case("two-headers", head + head[8:] + one + rest, "png", "two headers")
    yield case("no-header", picture[:8] + one + rest, "png", "no header")
    yield case("signature-alone", picture[:8], "png", "nothing but the signature")
    yield case("cut-off", (head + one + rest)[:-30], "png", "cut off")
    yield case("no-end", (head + one + rest)[:-12], "png", "no end")
    wrong = bytearray(head + one + rest)
    wrong[60] ^= 1
    yield case("wrong-checksum", bytes(wrong), "png", "a changed byte")
    lying = head + struct.pack(">I4s", 0xFFFFFFFF, b"iTXt") + one[8:] + rest
    yield case("length-of-four-gigabytes", lying, "png", "a chunk longer than its file")
    yield case(
        "many-chunks", head + _chunk(b"teST", b"") * 20_000 + one + rest, "png", "20,000 chunks"
    )
    bomb = zlib.compress(bytes(67_108_864), 9)
    yield case(
        "text-bomb", head + _text(bomb, flags=b"\1\0") + rest, "baked-size", "64 MiB in 64 KiB"
    )
    layers = _text(zlib.compress(bomb, 9), flags=b"\1\0")
    yield case("text-bomb-in-a-bomb", head + layers + rest, "baked-text", "a bomb in a bomb")
    bombs = _text(bomb, flags=b"\1\0") * 16
    yield case("sixteen-bombs", head + bombs + rest, "baked", "16 times 64 MiB")
    short = _text(zlib.compress(sound)[:-8], flags=b"\1\0")
    yield case("text-cut-off", head + short + rest, "png", "zlib without its end")
    yield case("text-not-zlib", head + _text(sound, flags=b"\1\0") + rest, "png", "no zlib")
    yield case("unknown-method", head + _text(sound, flags=b"\0\1") + rest, "png", "another method")
    yield case("unknown-flag", head + _text(sound, flags=b"\2\0") + rest, "png", "another flag")
    lean = _chunk(b"iTXt", b"openbadgecredential\0")
    yield case("text-without-its-parts", head + lean + rest, "png", "a text without its parts")
    plain = _chunk(b"tEXt", b"openbadgecredential\0" + sound)
    yield case("other-kind-of-text", head + plain + rest, "baked", "tEXt, which has no UTF-8")
    near = _text(sound, keyword=b"openbadgecredential ")
    yield case("keyword-with-a-space", head + near + rest, "baked", "not the keyword")
    yield case("text-not-utf-8", head + _text(b"\xff\xfe") + rest, "baked-text", "not UTF-8")
    huge = _chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 16, 6, 0, 0, 0))
    yield case("of-four-quintillion-pixels", picture[:8] + huge + rest, "baked", "endless pixels")
    yield case("picture-in-a-picture", head + _text(head) + rest, "baked-text", "a PNG inside")


def _svgs(sound: bytes) -> Cases:
    body = b"<openbadges:credential><![CDATA[" + sound + b"]]></openbadges:credential>"
    drawn = _OPEN + b">" + body + b"</svg>"

    def case(name: str, content: bytes, code: str, why: str) -> Case:
        return Case(file=f"svg/{name}.svg", content=content, why=why, step="structure", code=code)

    def typed(rules: bytes, within: bytes = body) -> bytes:
        return b"<!DOCTYPE svg " + rules + b">" + _OPEN + b">" + within + b"</svg>"

    entity = "svg-entity"
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (level + 1, b"&l%d;" % level * 10) for level in range(9)
    )
    inside = b"<openbadges:credential>&l9;</openbadges:credential>"
    yield case(
        "billion-laughs",
        typed(b'[<!ENTITY l0 "ha">' + laughs + b"]", inside),
        entity,
        "10^9 laughs",
    )
    quadratic = b'[<!ENTITY a "' + b"x" * 50_000 + b'">]'
    yield case("quadratic-blow-up", typed(quadratic, b"&a;" * 20_000), entity, "10^9 letters")
    files = b'[<!ENTITY a SYSTEM "file:///etc/passwd">]'
    yield case("entity-from-a-file", typed(files, inside), entity, "/etc/passwd")
    remote = b'[<!ENTITY % a SYSTEM "http://169.254.169.254/"> %a;]'
    yield case("entity-from-the-network", typed(remote), entity, "metadata of a cloud")
    yield case(
        "entity-of-an-unread-type",
        typed(b'SYSTEM "http://127.0.0.1/a.dtd"', inside),
        entity,
        "what a type that nobody read would say",
    )
    defaults = b'[<!ATTLIST openbadges:credential verify CDATA "a.b.c">]'
    yield case("default-attribute", typed(defaults), entity, "a token from the document type")
    marked = _OPEN + b"><openbadges:credential verify='a.&#98;.c'/></svg>"
    yield case("token-behind-an-entity", marked, entity, "a letter by its number")
    yield case("two-credentials", drawn.replace(body, body * 2), "baked", "two credentials")
    record = body.replace(b"<openbadges:", b"<c:").replace(b"</openbadges:", b"</c:")
    clr = b"<g xmlns:c='https://purl.imsglobal.org/clr/v2p0'>" + record + b"</g>"
    yield case("badge-and-learner-record", drawn.replace(body, body + clr), "baked", "two kinds")
    both = drawn.replace(b"<openbadges:credential>", b"<openbadges:credential verify='a.b.c'>")
    yield case("token-and-json", both, "baked", "two credentials in one element")
    within = drawn.replace(b"<![CDATA[", b"<g/><![CDATA[")
    yield case("element-within", within, "baked", "something else in the element")
    yield case(
        "many-credentials",
        drawn.replace(body, b"<openbadges:credential/>" * 1_000),
        "baked",
        "1,000 credentials",
    )
    yield case("no-credential", _OPEN + b"/>", "baked", "a drawing and nothing else")
    older = drawn.replace(_OB.encode(), b"http://openbadges.org")
    yield case("older-namespace", older, "baked", "what Open Badges 2 called it")
    fake = drawn.replace(
        b"<openbadges:credential>", b"<openbadges:credential xmlns:openbadges='x'>"
    )
    yield case("prefix-with-another-meaning", fake, "baked", "the prefix redefined in place")
    ended = (
        _OPEN[:39] + b"><g xmlns:x='" + _OB.encode() + b"'/><x:credential>{}</x:credential></svg>"
    )
    yield case("prefix-out-of-scope", ended, "baked", "a prefix whose element has ended")
    yield case(
        "commented-out", drawn.replace(body, b"<!--" + body + b"-->"), "baked", "in a comment"
    )
    yield case(
        "in-a-cdata-section",
        drawn.replace(body, b"<![CDATA[<openbadges:credential/>]]>"),
        "baked",
        "text",
    )
    named = b'<?xml version="1.0" encoding="%s"?>'
    yield case("utf-7", named % b"utf-7" + drawn, "svg-encoding", "an encoding of many readings")
    yield case("ebcdic", named % b"cp037" + drawn, "svg-encoding", "another encoding")
    turned = named % b"iso-8859-1" + drawn.replace(b"Lesson", "Leçon".encode())
    yield case("two-encodings", turned, "svg-encoding", "says one, is in another")
    yield case("utf-16", drawn.decode().encode("utf-16"), "json-utf8", "UTF-16")
    yield case("html", b"<html><body/></html>", "no-credential", "a page")
    yield case("no-namespace", b"<svg>" + body + b"</svg>", "svg", "no SVG")
    yield case("cut-off", drawn[:-9], "svg", "cut off")
    yield case("two-roots", drawn + drawn, "svg", "two drawings")
    yield case("unquoted", drawn.replace(b"<svg ", b"<svg x=y "), "svg", "no XML")
    limit = "svg-limit"
    yield case("deep", _OPEN + b">" + b"<g>" * 10_000, limit, "10,000 deep")
    yield case(
        "many-elements", _OPEN + b">" + b"<g/>" * 40_000 + b"</svg>", limit, "40,000 elements"
    )
    attributes = b"".join(b" a%d=''" % number for number in range(40_000))
    yield case("many-attributes", _OPEN + attributes + b"/>", limit, "40,000 attributes")
    endless = _OPEN + b" a='" + b"x" * 2_400_000 + b"'/>"
    yield case("endless-attribute", endless, limit, "an attribute of 2.4 MB")
    spaces = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:b="' + b"u" * 500_000
    yield case(
        "long-namespace-many-times",
        spaces + b'">' + b"<b:a/>" * 30_000 + b"</svg>",
        "baked",
        "15 GB of names",
    )
    long = b"<openbadges:credential>" + b"x" * 300_000 + b"</openbadges:credential>"
    yield case("long-credential", drawn.replace(body, long), "baked-size", "300 kB of text")
    pieces = b"<openbadges:credential>" + b"&lt;" * 263_000 + b"</openbadges:credential>"
    yield case("text-in-pieces", drawn.replace(body, pieces), "baked-size", "263,000 pieces")
