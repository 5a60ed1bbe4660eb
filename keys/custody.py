"""Custody of signing keys: one file for each, and the signers they give.

A key is never deleted: what it signed stays checkable only while its public half is published.
Making the next key is what lays the one before it down, so that rotation is one step: a process
killed in its midst leaves the old key signing, or the new one.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import nacl.utils

from keys.files import create_private, exclusive, replace_private
from keys.local import new_secret, public_half, signer_with
from keys.records import KeyFile, KeyRecord, in_order, read, written
from keys.sealing import Seal
from vc.ed25519 import Signer
from vc.errors import Conflict, Malformed, Missing, Unavailable
from vc.key_history import Compromise, HistoricKey, KeyState
from vc.public_key import KeyKind, PublicKey, ed25519, spelled
from vc.signing import AnySigner, as_ed25519

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MOST_LABELS: Final = 50  # tries to make one key; each that is taken was a process that died
_METHOD: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+#[A-Za-z0-9._:%-]+")


class Token(Protocol):
    """A hardware module that makes Ed25519 keys and signs with them; keys.pkcs11 has one."""

    def generate(self, label: str) -> bytes:
        """Make a key pair; the 32 bytes of its public half are the result."""
        ...

    def signer(self, label: str, *, verification_method: str) -> Signer:
        """The signer of the key with this label. Raises Missing, Unavailable."""
        ...


class Custody:
    """The keys in one folder, `<name>.json` each.

    Seeds are sealed under the master secret, or never leave a `token`.
    """

    def __init__(
        self,
        folder: Path,
        seal: Seal,
        *,
        entropy: Callable[[int], bytes] = nacl.utils.random,
        token: Token | None = None,
    ) -> None:
        self._folder = folder
        self._seal = seal
        self._entropy = entropy
        self._token = token

    def __repr__(self) -> str:
        return f"Custody({self._folder})"

    def create(
        self,
        name: str,
        *,
        verification_method: str,
        now: datetime,
        in_token: str = "",
        kind: KeyKind = KeyKind.ED25519,
    ) -> KeyRecord:
        """Make and keep a new key, which from now on signs for its DID with keys of its kind.

        `verification_method` is the DID URL under which the public half will be published;
        `in_token` names the label under which the token makes and keeps an Ed25519 key, when it
        shall.
        Raises Conflict when the name, the method or the key itself is taken: no two issuers have
        one key. Raises Malformed for their forms.
        """
        path = self._path(name)
        if not _METHOD.fullmatch(verification_method):
            sentence = "A verification method is a DID, a # and a fragment."
            raise Malformed("verification-method", sentence, place=verification_method[:64])
        with exclusive(self._folder):
            labels = (in_token,) if in_token else ()
            file = self._new(name, verification_method, now, labels, kind)
            self._expect_new(file.record)
            create_private(path, written(file))
        return file.record

    def rotate(self, replacing: str, *, now: datetime, in_token: bool = False) -> KeyRecord:
        """Make the successor of the key named `replacing`, which then signs no more.

        Raises Missing, and Conflict when that key has a successor already: of two who rotate at
        once, one does.
        """
        with exclusive(self._folder):
            old = self.record(replacing)
            ours = [
                record
                for record in self.list()
                if (record.owner, record.kind) == (old.owner, old.kind)
            ]
            if ours[-1].name != replacing:
                raise Conflict("key-rotated", f"{replacing} was replaced by {ours[-1].name}.")
            number = max(len(ours), *(record.number for record in ours)) + 1
            name = f"{re.sub(r'-[0-9]+$', '', replacing)}-{number}"
            moment = max(now, old.key.created)  # clocks may go back, and history does not
            prefix = re.sub(r"-?[0-9]*$", "", old.key.fragment) or "key"
            labels = _labels(name) if in_token else ()
            file = self._new(name, f"{old.owner}#{prefix}-{number}", moment, labels, old.kind)
            self._expect_new(file.record)
            create_private(self._path(name), written(file))
        return file.record

    def compromise(self, name: str, compromise: Compromise) -> KeyRecord:
        """Record that a key fell into other hands. Raises Missing.

        The date can be corrected to an earlier one; Conflict for a later one, which would make
        good again what was refused.
        """
        with exclusive(self._folder):
            file = self._file(name)
            known = file.record.key.compromise
            if known is not None and known.since < compromise.since:
                sentence = f"{name} is known to be compromised since {known.since:%Y-%m-%d}."
                raise Conflict("key-compromised", sentence)
            if known is not None and known.since == compromise.since:
                return file.record
            return self._keep(file, replace(file.record.key, compromise=compromise))

    def revoke(self, name: str, *, now: datetime) -> KeyRecord:
        """Take back all that a key signed. Doing it again changes nothing. Raises Missing."""
        with exclusive(self._folder):
            file = self._file(name)
            if file.record.key.revoked is not None:
                return file.record
            return self._keep(file, replace(file.record.key, revoked=now))

    def list(self) -> tuple[KeyRecord, ...]:
        """Every key in any state, the oldest first."""
        return tuple(file.record for file in self._files())

    def record(self, name: str) -> KeyRecord:
        """The public facts of one key. Raises Missing."""
        return self._file(name).record

    def signer(self, name: str) -> AnySigner:
        """The signer of an active key.

        Raises Missing, Conflict for a key that signs no more or that another issuer has too,
        Unavailable when the master secret is another or the token does not answer.
        """
        file = self._file(name)
        state = file.record.state
        if state is not KeyState.ACTIVE:
            raise Conflict("key-retired", f"The key {name} is {state} and signs no more.")
        return self._signer(file, self._files())

    def signer_of(self, owner: str) -> Signer:
        """The signer with the active Ed25519 key of a DID, which signs unless others are asked for.

        Raises as `signer`, Missing when there is none.
        """
        return as_ed25519(self.signer_with(owner, KeyKind.ED25519))

    def signer_with(self, owner: str, kind: KeyKind) -> AnySigner:
        """The signer with the active key of that kind. Raises as `signer`, Missing for none."""
        files = self._files()
        for file in reversed(files):
            record = file.record
            if (record.owner, record.kind, record.state) == (owner, kind, KeyState.ACTIVE):
                return self._signer(file, files)
        raise Missing("issuer-key", f"{owner} has no {kind} key to sign with.")

    def _signer(self, file: KeyFile, files: Sequence[KeyFile]) -> AnySigner:
        record = file.record
        _expect_own(record, files)
        method = record.verification_method
        if file.sealed_seed is not None:
            secret = self._seal.open(file.sealed_seed, purpose=_purpose(record))
            return signer_with(secret, record.kind, verification_method=method)
        signer = self._hardware().signer(file.token_label or "", verification_method=method)
        if signer.public_key != record.public_key:
            sentence = f"The token holds another key under the name {record.name}."
            raise Unavailable("token-key", sentence)
        return signer

    def _new(
        self, name: str, method: str, now: datetime, labels: Sequence[str], kind: KeyKind
    ) -> KeyFile:
        if labels and kind is not KeyKind.ED25519:
            sentence = "The token makes Ed25519 keys for issuers, and no others."
            raise Malformed("key-kind", sentence)
        if labels:
            label, public_key = self._generated(labels)
            return KeyFile(_record(name, method, ed25519(public_key), now), token_label=label)
        secret = new_secret(kind, entropy=self._entropy)
        signer = signer_with(secret, kind, verification_method=method)
        record = _record(name, method, public_half(signer), now)
        return KeyFile(record, sealed_seed=self._seal.seal(secret, purpose=_purpose(record)))

    def _generated(self, labels: Sequence[str]) -> tuple[str, bytes]:
        """The first of `labels` that was free in the token, and the public key now under it.

        Raises Conflict when the token has a key under each, Unavailable.
        """
        token = self._hardware()
        for label in labels[:-1]:
            with suppress(Conflict):
                return label, token.generate(label)
        return labels[-1], token.generate(labels[-1])

    def _expect_new(self, record: KeyRecord) -> None:
        files = self._files()
        for known in (file.record for file in files):
            if known.name == record.name:
                raise Conflict("key-name", f"There is a key named {known.name} already.")
            if known.verification_method == record.verification_method:
                sentence = f"{known.name} is published as {known.verification_method} already."
                raise Conflict("key-method", sentence)
        _expect_own(record, files)

    def _hardware(self) -> Token:
        if self._token is None:
            sentence = "No hardware token is set up here."
            raise Unavailable("token", sentence, place="LEARNOMETER_PKCS11_MODULE")
        return self._token

    def _keep(self, file: KeyFile, key: HistoricKey) -> KeyRecord:
        kept = replace(file, record=replace(file.record, key=key))
        replace_private(self._path(kept.record.name), written(kept))
        return kept.record

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            sentence = "A key's name has up to 64 small letters, digits and hyphens."
            raise Malformed("key-name", sentence, place=name[:64])
        return self._folder / f"{name}.json"

    def _files(self) -> tuple[KeyFile, ...]:
        if not self._folder.is_dir():
            return ()
        return in_order([read(path) for path in self._folder.glob("[a-z0-9]*.json")])

    def _file(self, name: str) -> KeyFile:
        self._path(name)
        for file in self._files():
            if file.record.name == name:
                return file
        raise Missing("key", f"There is no key named {name}.")


def _record(name: str, method: str, public_key: PublicKey, now: datetime) -> KeyRecord:
    return KeyRecord(name, HistoricKey(id=method, public_key=public_key, created=now))


def _labels(name: str) -> tuple[str, ...]:
    """The labels under which a token may keep the key `name`: the first that is free counts.

    A process that was killed before it wrote its file left a key behind that nobody uses. It is
    not taken for the new one: it may be half a pair, and whoever has the PIN could have put one
    there that they have a copy of. No name has a dot, so that no other key wants these labels.
    """
    return (name, *(f"{name}.{number}" for number in range(2, _MOST_LABELS + 1)))


def _expect_own(record: KeyRecord, files: Sequence[KeyFile]) -> None:
    """One key, one issuer, even where a file was copied: nobody could tell the issuers apart."""
    for known in (file.record for file in files):
        if known.public_key == record.public_key and known.name != record.name:
            raise Conflict("key-shared", f"{known.owner} has this very key.")


def _purpose(record: KeyRecord) -> str:
    """The public facts are bound to the sealed seed: a file edited by hand does not open."""
    return f"signing key {record.verification_method} {spelled(record.key.public_key)}"
