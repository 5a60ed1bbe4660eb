"""Base encodings and digests as the specifications spell them: multibase, multikey, multihash."""

import base64
import binascii
import hashlib
from typing import Final

from vc.errors import Malformed

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUE: Final = {character: value for value, character in enumerate(_BASE58)}
_BASE64URL: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

# Longer values are never keys, signatures or digests; decoding base58 is quadratic. In characters.
_BASE58_LIMIT: Final = 512

# Multicodec prefixes as varints (https://www.w3.org/TR/cid-1.0/#Multikey).
ED25519_PUBLIC: Final = b"\xed\x01"
_SHA2_256: Final = b"\x12\x20"


def base58btc_encode(content: bytes) -> str:
    """`content` in the Bitcoin base 58 alphabet, without a multibase prefix."""
    number = int.from_bytes(content, "big")
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    leading_zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * leading_zeros + "".join(reversed(digits))


def base58btc_decode(text: str) -> bytes:
    """The bytes that `text` encodes. Raises Malformed for other characters or over 512 of them."""
    if len(text) > _BASE58_LIMIT:
        raise Malformed("base58", f"A base58 value is longer than {_BASE58_LIMIT} characters.")
    number = 0
    for character in text:
        value = _BASE58_VALUE.get(character)
        if value is None:
            raise Malformed("base58", f"{character!r} is not a base58 character.")
        number = number * 58 + value
    leading_zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * leading_zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url_encode(content: bytes) -> str:
    """`content` in base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def base64url_decode(text: str) -> bytes:
    """The bytes of unpadded base64url. Raises Malformed; only the one canonical spelling is taken.

    A lenient decoder would let one signature have many spellings.
    """
    if not _BASE64URL.issuperset(text) or len(text) % 4 == 1:
        raise Malformed("base64url", "The value is not unpadded base64url.")
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Malformed("base64url", "The value is not unpadded base64url.") from error
    if base64url_encode(content) != text:
        raise Malformed("base64url", "The value has stray bits after its last byte.")
    return content


def multibase_encode(content: bytes) -> str:
    """`content` as multibase base58btc: a `z` and base 58."""
    return "z" + base58btc_encode(content)


def multibase_decode(text: str) -> bytes:
    """The bytes of a multibase value in base58btc (`z`) or base64url (`u`). Raises Malformed."""
    if text.startswith("z"):
        return base58btc_decode(text[1:])
    if text.startswith("u"):
        return base64url_decode(text[1:])
    raise Malformed("multibase", "The value starts with neither z (base58btc) nor u (base64url).")


def ed25519_multikey(public_key: bytes) -> str:
    """The Multikey `z6Mk...` of a 32-byte Ed25519 public key."""
    return multibase_encode(ED25519_PUBLIC + public_key)


def ed25519_from_multikey(multikey: str) -> bytes:
    """The 32-byte Ed25519 public key of a Multikey. Raises Malformed for any other key."""
    if not multikey.startswith("z"):
        raise Malformed("multikey", "A Multikey starts with z (base58btc).")
    content = base58btc_decode(multikey[1:])
    if content[:2] != ED25519_PUBLIC or len(content) != 34:
        raise Malformed("multikey", "The Multikey is not an Ed25519 public key.")
    return content[2:]


def digest_multibase(content: bytes) -> str:
    """The SHA-256 of `content` as `digestMultibase`: multihash in base64url (VCDM 2.0, 5.3)."""
    return "u" + base64url_encode(_SHA2_256 + hashlib.sha256(content).digest())
