"""What the proof values of ecdsa-sd-2023 hold (W3C VC-DI-ECDSA 1.0, sections 3.5.2 to 3.5.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vc import cbor
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed
from vc.public_key import PublicKey, from_p256_multicodec

_BASE: Final = b"\xd9\x5d\x00"
_DERIVED: Final = b"\xd9\x5d\x01"
_SIGNATURE: Final = 64  # bytes
HMAC_KEY: Final = 32  # bytes
_LABEL: Final = 32  # bytes of an HMAC


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What the issuer gives the holder: a signature for each statement that is not mandatory."""

    base_signature: bytes
    proof_key_bytes: bytes
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory: tuple[str, ...]

    def written(self) -> bytes:
        """The proof value (section 3.5.2)."""
        parts = (
            self.base_signature,
            self.proof_key_bytes,
            self.hmac_key,
            self.signatures,
            self.mandatory,
        )
        return _BASE + cbor.encode(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a holder shows; `labels` lead from the number of a blank node to its label."""

    base_signature: bytes
    proof_key: PublicKey
    proof_key_bytes: bytes
    signatures: tuple[bytes, ...]
    labels: Mapping[int, str]
    mandatory: frozenset[int]

    def written(self) -> bytes:
        """The proof value (section 3.5.6)."""
        parts = (
            self.base_signature,
            self.proof_key_bytes,
            self.signatures,
            {number: base64url_decode(label[1:]) for number, label in sorted(self.labels.items())},
            sorted(self.mandatory),
        )
        return _DERIVED + cbor.encode(parts)


def read_base(value: bytes) -> Base:
    """The base proof in a proof value (section 3.5.3). Raises Malformed."""
    if not value.startswith(_BASE):
        raise Malformed("sd-proof", "The proof value is not that of a base proof.")
    base, key, hmac_key, signatures, mandatory = _components(value[len(_BASE) :])
    if not _are_bytes([base], _SIGNATURE) or not isinstance(key, bytes):
        raise Malformed("sd-proof", "The base signature or the key is misshapen.")
    if not _are_bytes([hmac_key], HMAC_KEY):
        raise Malformed("sd-proof", "The key of the labels is misshapen.")
    if not isinstance(signatures, list) or not _are_bytes(signatures, _SIGNATURE):
        raise Malformed("sd-proof", "The signatures are misshapen.")
    if not isinstance(mandatory, list) or not all(isinstance(one, str) for one in mandatory):
        raise Malformed("sd-proof", "The mandatory pointers are misshapen.")
    from_p256_multicodec(key)
    return Base(
        base_signature=base,
        proof_key_bytes=key,
        hmac_key=hmac_key,
        signatures=tuple(signatures),
        mandatory=tuple(mandatory),
    )


def _components(content: bytes) -> list[Any]:
    parts = cbor.decode(content)
    if not isinstance(parts, list) or len(parts) != 5:
        raise Malformed("sd-proof", "The proof value has five components.")
    return parts


def read_disclosure(value: bytes) -> Disclosure:
    """The derived proof in a proof value (section 3.5.7). Raises Malformed."""
    if value.startswith(_BASE):
        raise Malformed("sd-base", "This is a base proof: its holder derives what is shown.")
    if not value.startswith(_DERIVED):
        raise Malformed("sd-proof", "The proof value is not that of a derived proof.")
    base, key, signatures, labels, mandatory = _components(value[len(_DERIVED) :])
    if not _are_bytes([base], _SIGNATURE) or not isinstance(key, bytes):
        raise Malformed("sd-proof", "The base signature or the key is misshapen.")
    if not isinstance(signatures, list) or not _are_bytes(signatures, _SIGNATURE):
        raise Malformed("sd-proof", "The signatures are misshapen.")
    if not isinstance(labels, dict) or not _are_labels(labels):
        raise Malformed("sd-proof", "The labels are misshapen.")
    if not isinstance(mandatory, list) or not all(type(index) is int for index in mandatory):
        raise Malformed("sd-proof", "The mandatory indexes are misshapen.")
    if mandatory != sorted(set(mandatory)):
        raise Malformed("sd-proof", "The mandatory indexes do not rise.")
    return Disclosure(
        base_signature=base,
        proof_key=from_p256_multicodec(key),
        proof_key_bytes=key,
        signatures=tuple(signatures),
        labels={number: "u" + base64url_encode(label) for number, label in labels.items()},
        mandatory=frozenset(mandatory),
    )


def _are_bytes(values: list[Any], length: int) -> bool:
    return all(isinstance(value, bytes) and len(value) == length for value in values)


def _are_labels(labels: dict[Any, Any]) -> bool:
    named = all(type(number) is int for number in labels)
    return named and _are_bytes(list(labels.values()), _LABEL) and _differ(labels)


def _differ(labels: dict[Any, Any]) -> bool:
    # Two nodes under one label would become one.
    return len(set(labels.values())) == len(labels)
