"""Keys in a hardware token that signs and never gives them out, by PKCS#11.

Sources: PKCS #11 v3.1 sections 6.3.3 (EC_PARAMS, EC_POINT), 6.3.12 (ECDSA), 6.3.13 (EdDSA). Works
with whatever has such a library: SoftHSM, smart cards, network HSMs, the clouds' own.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

from vc import ecdsa, ed25519
from vc.errors import Conflict, Malformed, Missing, Unavailable
from vc.public_key import KeyKind, PublicKey, ec_public_key
from vc.public_key import ed25519 as ed25519_key

_OCTET_STRING: Final = 0x04


@dataclass(frozen=True, slots=True)
class _Kind:
    """How PKCS#11 names a kind of key. `params` is its curve as a DER object identifier."""

    key_type: KeyType
    params: bytes
    makes: Mechanism
    signs: Mechanism


_KINDS: Final = {
    KeyKind.ED25519: _Kind(
        KeyType.EC_EDWARDS,
        bytes.fromhex("06032b6570"),
        Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        Mechanism.EDDSA,
    ),
    KeyKind.P256: _Kind(
        KeyType.EC,
        bytes.fromhex("06082a8648ce3d030107"),
        Mechanism.EC_KEY_PAIR_GEN,
        Mechanism.ECDSA,
    ),
    KeyKind.P384: _Kind(
        KeyType.EC,
        bytes.fromhex("06052b81040022"),
        Mechanism.EC_KEY_PAIR_GEN,
        Mechanism.ECDSA,
    ),
}
_CURVES: Final = {KeyKind.P256: ec.SECP256R1(), KeyKind.P384: ec.SECP384R1()}
_LENGTHS: Final = {KeyKind.ED25519: 64, KeyKind.P256: 64, KeyKind.P384: 96}  # bytes, signatures
_POINTS: Final = {KeyKind.ED25519: 32, KeyKind.P256: 65, KeyKind.P384: 97}  # bytes, uncompressed
_NEVER_OUT: Final = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}

Answer = TypeVar("Answer")


class Pkcs11Token:
    """One token behind a PKCS#11 library; implements keys.tokens.Token.

    It holds one session, which is opened when it is first needed: a token counts who is logged
    in by process, so that a second session's end would log out the first.
    """

    def __init__(self, library: Path, *, label: str, pin: str) -> None:
        self._library = library
        self._label = label
        self._pin = pin
        self._session: pkcs11.Session | None = None
        self._process = 0
        self._turn = threading.RLock()

    def __repr__(self) -> str:
        return f"Pkcs11Token({self._library}, {self._label}, <redacted>)"

    def generate(self, label: str) -> bytes:
        """Make an Ed25519 key; the 32 bytes of its public half are the result.

        Raises Conflict when the label is taken, Unavailable when the token does not do it.
        """
        return self.generate_key(label, KeyKind.ED25519).content

    def generate_key(self, label: str, kind: KeyKind) -> PublicKey:
        """Make a key of a kind, which never leaves the token. Raises Conflict, Unavailable."""
        if kind not in _KINDS:
            raise Malformed("key-kind", f"Keys of the kind {kind} are not made in a token.")

        def make(session: pkcs11.Session) -> PublicKey:
            if any(session.get_objects({Attribute.LABEL: label})):
                raise Conflict("token-label", f"The token has a key {label} already.")
            spelled = _KINDS[kind]
            parameters = session.create_domain_parameters(
                spelled.key_type, {Attribute.EC_PARAMS: spelled.params}, local=True
            )
            public, _ = parameters.generate_keypair(
                mechanism=spelled.makes, label=label, store=True, private_template=_NEVER_OUT
            )
            return _read_point(kind, public[Attribute.EC_POINT])

        return self._ask(make)

    def signer(self, label: str, *, verification_method: str) -> ed25519.Signer:
        """The signer of an Ed25519 key. Raises Missing, Unavailable."""
        key = self._public_key(label, KeyKind.ED25519)
        return _Ed25519Signer(self, label, verification_method, key)

    def ecdsa_signer(self, label: str, *, verification_method: str) -> ecdsa.Signer:
        """The signer of a P-256 or P-384 key. Raises Missing, Unavailable.

        A token draws a random number for each signature: the same message has many.
        """
        key = self._public_key(label, KeyKind.P256, KeyKind.P384)
        return _EcdsaSigner(self, label, verification_method, key)

    def sign(self, label: str, message: bytes, *, kind: KeyKind) -> bytes:
        """What signers ask of the token. `message` is hashed already where ECDSA hashes."""

        def sign(session: pkcs11.Session) -> bytes:
            key = session.get_key(
                object_class=ObjectClass.PRIVATE_KEY, key_type=_KINDS[kind].key_type, label=label
            )
            if not isinstance(key, pkcs11.SignMixin):
                raise pkcs11.NoSuchKey
            return key.sign(message, mechanism=_KINDS[kind].signs)

        signature = self._ask(sign)
        if len(signature) != _LENGTHS[kind]:
            raise Unavailable("token", "The token gave something that is no signature.")
        return signature

    def _public_key(self, label: str, *kinds: KeyKind) -> PublicKey:
        def find(session: pkcs11.Session) -> PublicKey:
            found = session.get_key(
                object_class=ObjectClass.PUBLIC_KEY, key_type=_KINDS[kinds[0]].key_type, label=label
            )
            params = bytes(found[Attribute.EC_PARAMS])
            kind = next((kind for kind in kinds if _KINDS[kind].params == params), kinds[0])
            return _read_point(kind, found[Attribute.EC_POINT])

        return self._ask(find)

    def _ask(self, question: Callable[[pkcs11.Session], Answer]) -> Answer:
        """The answer of the token, one question at a time.

        Raises Missing for a key that it does not have, Unavailable for every other failure.
        """
        with self._turn:
            try:
                return question(self._opened())
            except pkcs11.NoSuchKey as error:
                raise Missing("token-key", "The token has no such key.") from error
            except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
                self._session = None
                name = type(error).__name__
                sentence = f"The token {self._label} does not answer: {name}."
                raise Unavailable("token", sentence) from error

    def _opened(self) -> pkcs11.Session:
        if self._session is not None and self._process == os.getpid():
            return self._session
        library = pkcs11.lib(str(self._library))
        if self._session is not None:
            library.reinitialize()  # a forked process has its parent's memory and no session
        token = library.get_token(token_label=self._label)
        try:
            self._session = token.open(rw=True, user_pin=self._pin)
        except pkcs11.UserAlreadyLoggedIn:  # by another part of this process
            self._session = token.open(rw=True)
        self._process = os.getpid()
        return self._session


@dataclass(frozen=True, slots=True)
class _Ed25519Signer:
    token: Pkcs11Token
    label: str
    verification_method: str
    key: PublicKey

    @property
    def public_key(self) -> bytes:
        return self.key.content

    def sign(self, message: bytes) -> bytes:
        return self.token.sign(self.label, message, kind=KeyKind.ED25519)


@dataclass(frozen=True, slots=True)
class _EcdsaSigner:
    token: Pkcs11Token
    label: str
    verification_method: str
    public_key: PublicKey

    def sign(self, message: bytes) -> bytes:
        kind = self.public_key.kind
        digest = hashlib.new(ecdsa.HASH[kind], message).digest()
        return self.token.sign(self.label, digest, kind=kind)


def _read_point(kind: KeyKind, spelled: bytes) -> PublicKey:
    """A public key from EC_POINT, which some libraries wrap in an octet string and some do not."""
    point, length = bytes(spelled), _POINTS[kind]
    if len(point) == length + 2 and point[:2] == bytes([_OCTET_STRING, length]):
        point = point[2:]
    if kind is KeyKind.ED25519:
        return ed25519_key(point)
    try:
        return ec_public_key(ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[kind], point))
    except ValueError as error:
        raise Unavailable("token", "The token gave something that is no public key.") from error
