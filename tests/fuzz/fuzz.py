"""Every parser that strangers reach, fed with whatever a fuzzer comes upon.

`make fuzz` runs each target for FUZZ_SECONDS (60). A refusal or a value is what parsers give;
anything else is a finding, and so is a value that does not come back as it was.
"""

import struct
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["vc", "service.addresses", "service.unsafe"]):
    from service import addresses, unsafe
    from vc import (
        bakery,
        cbor,
        did,
        documents,
        encoding,
        jose,
        jwt,
        model,
        png,
        received,
        status,
    )
    from vc.binding import bind
    from vc.errors import Refused
    from vc.fetch import Fetched, Nowhere
    from vc.jcs import canonical_json
    from vc.proofs import ecdsa_sd_2023
    from vc.public_key import ed25519, from_jwk, from_multikey, multikey, to_jwk
    from vc.verify import verify

_NOW = model.instant("2026-11-22T12:00:00Z", place="")
_KEY = ed25519(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))


class _Echo:
    """Publishes the same bytes everywhere."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get(self, url: str, *, accept: str) -> Fetched:
        del accept
        return Fetched(url, self._content, "application/json")


def _text(data: bytes) -> str:
    """Any text, halves of characters included."""
    if data[:1] == b"\xff":
        return data[1 : len(data) // 2 * 2 - 1].decode("utf-16-le", "surrogatepass")
    return data.decode("utf-8", "replace")


def fuzz_json(data: bytes) -> None:
    document = documents.parse(data)
    assert documents.parse(documents.written(document)) == document
    with suppress(Refused):
        assert documents.parse(canonical_json(document)) == document


def fuzz_did(data: bytes) -> None:
    head, _, body = data.partition(b"\n")
    name = _text(head)
    for prefix in ("", "did:key:", "did:web:", "did:jwk:", "did:jwk:eyJrdHki"):
        with suppress(Refused):
            found = did.resolve(prefix + name, fetcher=_Echo(body))
            assert found.id == prefix + name
        did.key_behind(prefix + name)
        with suppress(Refused):
            url = did.did_web_url(prefix + name)
            assert url.startswith("https://")
            assert ".." not in url.split("/")
            assert url.isascii()
    with suppress(Refused):
        did.read_document(documents.parse(body), expected_id=name)
    bind(method_id=name, controller=name, purpose="assertionMethod", fetcher=_Echo(body))


def fuzz_multibase(data: bytes) -> None:
    text = _text(data)
    for spelled in (text, f"z{text}", f"u{text}"):
        with suppress(Refused):
            content = encoding.multibase_decode(spelled)
            if spelled.startswith("z"):
                assert encoding.multibase_encode(content) == spelled
        with suppress(Refused):
            key = from_multikey(spelled)
            assert from_jwk(to_jwk(key)) == key
            assert multikey(key) == spelled
    assert encoding.base58btc_decode(encoding.base58btc_encode(data[:300])) == data[:300]


def fuzz_bitstring(data: bytes) -> None:
    with suppress(Refused):
        status.decode(_text(data))
    for content in (data, b"\x1f\x8b\x08" + data, _gzip(data * 64)):
        with suppress(Refused):
            bits = status.decode("u" + encoding.base64url_encode(content))
            assert status.value_at(bits, len(bits) * 8 - 1) in (0, 1)
    with suppress(Refused):
        entry = status.read_entry(documents.parse(data))
        assert 0 <= entry.index < 10**9


def _gzip(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def fuzz_png(data: bytes) -> None:
    built = [png.SIGNATURE, png.chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))]
    provider = atheris.FuzzedDataProvider(data)
    while provider.remaining_bytes() > 0 and len(built) < 20:
        keyword = provider.PickValueInList([b"openbadgecredential", b"clrcredential", b"x"])
        body = keyword + provider.ConsumeBytes(provider.ConsumeIntInRange(0, 64))
        built.append(png.chunk(provider.PickValueInList([b"iTXt", b"tEXt", b"IDAT"]), body))
    built.append(png.chunk(b"IEND", b""))
    for image in (data, png.SIGNATURE + data, b"".join(built)):
        with suppress(Refused):
            bakery.unbake(image)
        if image.startswith(png.SIGNATURE):
            with suppress(Refused):
                assert bakery.unbake(bakery.bake_png(image, "a.b.c")) == "a.b.c"


_OPEN = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'


def fuzz_svg(data: bytes) -> None:
    within = b"<openbadges:credential>" + data + b"</openbadges:credential>"
    for image in (data, _OPEN + data + b"</svg>", _OPEN + within + b"</svg>"):
        with suppress(Refused):
            bakery.unbake(image)
        for credential in ("aaa.bbb.ccc", '{"a": "]]> <"}'):
            with suppress(Refused):
                assert bakery.unbake(bakery.bake_svg(image, credential)) == credential


def fuzz_jws(data: bytes) -> None:
    text = _text(data)
    header, _, payload = data.partition(b"\n")
    parts = [encoding.base64url_encode(part) for part in (header, payload, bytes(64))]
    for token in (text, ".".join(parts)):
        for expected in (None, jwt.VC_JWT):
            with suppress(Refused):
                jose.verify_compact(
                    token,
                    allowed_algorithms=jose.ALGORITHMS,
                    public_key=lambda found: from_jwk(found.get("jwk", {})),
                    expected_type=expected,
                )
        with suppress(Refused):
            jose.verify_compact(
                token,
                allowed_algorithms={"EdDSA"},
                public_key=jose.by_did_key,
                expected_type=None,
            )
        with suppress(Refused):
            jwt.verify_credential_jwt(token, public_key=_KEY)
            raise AssertionError("a signature out of nothing")
        with suppress(Refused):
            received.receive(token.encode("utf-8", "surrogatepass"))


def fuzz_url(data: bytes) -> None:
    text = _text(data)
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        with suppress(Refused):
            found = addresses.target(url)
            rest = url.removeprefix("https://")
            host = rest.partition("/")[0].removesuffix(":443")
            assert found.host == host.lower()
            assert found.path == "/" + rest.partition("/")[2]
            assert set(found.host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
            assert not found.host[-1].isdigit() or "xn--" in found.host
    addresses.is_public(text)
    with suppress(Refused):
        origin, address = unsafe.read(f"https://issuer.example={text}")
        assert origin == "https://issuer.example"
        assert address.startswith(("http://127.", "http://["))


def fuzz_cbor(data: bytes) -> None:
    with suppress(Refused):
        cbor.decode(data)
    for prefix in (b"", b"\xd9\x5d\x01", b"\xd9\x5d\x01\x85"):
        with suppress(Refused):
            ecdsa_sd_2023.read_disclosure(prefix + data)


def fuzz_date(data: bytes) -> None:
    moment = model.instant(_text(data), place="")
    assert model.instant(model.timestamp(moment), place="") == moment.replace(microsecond=0)


def fuzz_verify(data: bytes) -> None:
    report = verify(data, now=_NOW, fetcher=Nowhere())
    assert report.steps
    for step in report.steps:
        step.sentence.encode("ascii", "backslashreplace")


TARGETS: dict[str, Callable[[bytes], None]] = {
    name.removeprefix("fuzz_"): target
    for name, target in list(globals().items())
    if name.startswith("fuzz_")
}


def main() -> None:
    """Run the target that the first argument names; the rest is libFuzzer's."""
    target = TARGETS[sys.argv.pop(1)]

    def once(data: bytes) -> None:
        with suppress(Refused):
            target(data)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
