"""Keys of small order, points off their curve, and signatures with more than one spelling."""

from cryptography.hazmat.primitives.asymmetric import ec
from forging.forge import Case, Cases, Forge, did_of, on_curve, text

from vc.documents import JsonObject
from vc.encoding import base58btc_decode, multibase_decode, multibase_encode
from vc.model import Verdict

# The order of the group that Ed25519 signs in (RFC 8032 section 5.1), and its field's prime.
_L = 2**252 + 27742317777372353535851937790883648493
_P = 2**255 - 19
# The orders of P-256 and P-384 (FIPS 186-5).
_N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_N384 = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    16,
)

# Points of order 1, 2, 4 and 8, and other spellings of them, as lenient libraries read them.
_SMALL_ORDER = {
    "order-1": "0100000000000000000000000000000000000000000000000000000000000000",
    "order-2": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order-4": "0000000000000000000000000000000000000000000000000000000000000000",
    "order-4-negative": "0000000000000000000000000000000000000000000000000000000000000080",
    "order-8": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "order-8-negative": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "order-8-other": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "order-8-other-negative": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "order-1-with-a-sign": "0100000000000000000000000000000000000000000000000000000000000080",
    "order-2-with-a-sign": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "order-1-beyond-p": "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order-4-beyond-p": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "no-point": "0200000000000000000000000000000000000000000000000000000000000000",
}


def cases(forge: Forge) -> Cases:
    yield from _ed25519(forge)
    yield from _ecdsa(forge)
    yield from _keys(forge)


def _case(name: str, document: JsonObject, code: str, why: str, step: str = "signature") -> Case:
    return Case(file=f"curve/{name}.json", content=text(document), why=why, step=step, code=code)


def _valued(document: JsonObject, value: bytes) -> JsonObject:
    return document | {"proof": document["proof"] | {"proofValue": multibase_encode(value)}}


def _by_did_key(forge: Forge, multicodec: bytes, value: bytes) -> JsonObject:
    """A badge by the did:key of whatever bytes, with whatever signature."""
    name = multibase_encode(multicodec)
    issuer = {"id": f"did:key:{name}", "type": ["Profile"]}
    method = f"did:key:{name}#{name}"
    signed = forge.signed(forge.badge(issuer=issuer), verificationMethod=method)
    return _valued(signed, value)


def _ed25519(forge: Forge) -> Cases:
    for name, point in _SMALL_ORDER.items():
        key = bytes.fromhex(point)
        # R = A and S = 0 is a signature of everything, to whoever does not look at the order.
        forged = _by_did_key(forge, b"\xed\x01" + key, key + bytes(32))
        yield _case(f"ed25519-key-of-{name}", forged, "signature", "signs everything")
        sound = forge.signed()
        value = multibase_decode(sound["proof"]["proofValue"])
        other = _valued(sound, key + value[32:])
        yield _case(f"ed25519-r-of-{name}", other, "signature", "R of small order")
    sound = forge.signed()
    value = multibase_decode(sound["proof"]["proofValue"])
    r, s = value[:32], int.from_bytes(value[32:], "little")
    for name, (scalar, why) in {
        "s-plus-l": (s + _L, "S + L, the same in the group"),
        "s-plus-8-l": (s + 8 * _L, "S + 8L, the same in the group"),
        "s-highest": (2**256 - 1, "the highest S"),
        "s-with-a-high-bit": (s | 1 << 255, "a bit that lenient readers drop"),
        "s-is-l": (_L, "S = L"),
        "s-zero": (0, "S = 0"),
    }.items():
        bent = _valued(sound, r + scalar.to_bytes(32, "little"))
        yield _case(f"ed25519-{name}", bent, "signature", why)
    y = int.from_bytes(r, "little") & (2**255 - 1)
    assert y < _P
    flipped = _valued(sound, r[:31] + bytes([r[31] ^ 0x80]) + value[32:])
    yield _case("ed25519-r-with-another-sign", flipped, "signature", "-R for R")


def _ecdsa(forge: Forge) -> Cases:
    for curve, order, half in ((ec.SECP256R1(), _N256, 32), (ec.SECP384R1(), _N384, 48)):
        pen = on_curve(curve)
        suite = "ecdsa-jcs-2019"
        badge = forge.badge(issuer={"id": did_of(pen), "type": ["Profile"]})
        sound = forge.signed(badge, by=pen, suite=suite)
        value = multibase_decode(sound["proof"]["proofValue"])
        r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
        size = half * 8
        for name, (first, second, why) in {
            "r-zero": (0, s, "r = 0"),
            "s-zero": (r, 0, "s = 0"),
            "both-zero": (0, 0, "a signature of everything"),
            "r-is-n": (order, s, "r = n"),
            "s-is-n": (r, order, "s = n"),
            "r-and-s-one": (1, 1, "r = s = 1"),
            "highest": (2**size - 1, 2**size - 1, "all bits set"),
            "r-plus-n": ((r + order) % 2**size, s, "r + n, the same in the group"),
            "swapped": (s, r, "s for r"),
        }.items():
            bent = _valued(sound, first.to_bytes(half, "big") + second.to_bytes(half, "big"))
            yield _case(f"ecdsa-p{size}-{name}", bent, "signature", why)
        other = _valued(sound, r.to_bytes(half, "big") + (order - s).to_bytes(half, "big"))
        # ECDSA has two signatures for each; nothing here knows a credential by its signature.
        yield Case(
            file=f"curve/ecdsa-p{size}-other-half.json",
            content=text(other),
            why="n - s for s: ECDSA allows it, and it changes nothing of what was signed",
            step="",
            code="",
            verdict=Verdict.VALID,
        )
        der = b"\x30\x44\x02\x20" + value[:32] + b"\x02\x20" + value[32:64]
        yield _case(f"ecdsa-p{size}-der", _valued(sound, der), "signature", "the other form")
        yield _case(f"ecdsa-p{size}-short", _valued(sound, value[:-1]), "signature", "cut off")
        moved = sound | {"proof": sound["proof"] | {"cryptosuite": "eddsa-jcs-2022"}}
        yield _case(f"ecdsa-p{size}-as-ed25519", moved, "key-kind", "another kind of key")


def _keys(forge: Forge) -> Cases:
    point = base58btc_decode(did_of(on_curve(ec.SECP256R1())).removeprefix("did:key:z"))[2:]
    value = bytes(64)
    for name, (key, code, why) in {
        "at-infinity": (b"\x80\x24\x00", "multikey", "the point at infinity"),
        "x-beyond-p": (b"\x80\x24\x02" + b"\xff" * 32, "key-point", "x beyond the field"),
        "off-the-curve": (b"\x80\x24\x02" + bytes(31) + b"\x01", "key-point", "no such x"),
        "hybrid": (b"\x80\x24\x06" + point[1:], "key-point", "a form of older standards"),
        "uncompressed": (b"\x80\x24\x04" + point[1:] * 2, "multikey", "not compressed"),
        "cut-off": (b"\x80\x24" + point[:-1], "multikey", "a byte too few"),
        "longer": (b"\x80\x24" + point + b"\0", "multikey", "a byte too many"),
        "of-another-curve": (b"\xe7\x01" + point, "multikey", "secp256k1"),
        "as-p384": (b"\x81\x24" + point, "multikey", "another curve's name"),
        "private": (b"\x80\x26" + bytes(32), "multikey", "a private key"),
        "prefix-in-more-bytes": (b"\xed\x81\x00" + bytes(32), "multikey", "a longer prefix"),
        "empty": (b"", "multikey", "nothing"),
        "ed25519-cut-off": (b"\xed\x01" + bytes(31), "multikey", "31 bytes"),
        "x25519": (b"\xec\x01" + bytes(32), "multikey", "a key for encryption"),
    }.items():
        forged = _by_did_key(forge, key, value)
        yield _case(f"key-{name}", forged, code, why, step="issuer")
