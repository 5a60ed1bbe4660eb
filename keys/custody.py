"""Custody of signing keys: the register that they are kept in, and the signers they give.

A key is never deleted: what it signed stays checkable only while its public half is published.
Making the next key is what lays the one before it down, so that rotation is one step: a process
killed in its midst leaves the old key signing, or the new one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import nacl.utils

from keys import register
from keys.files import exclusive
from keys.local import new_secret, public_half, signer_with
from keys.records import METHOD, NAME, KeptKey, KeyRecord
from keys.register import Register
from keys.sealing import Seal
from keys.tokens import Token, generated, labels
from vc.ed25519 import Signer
from vc.errors import Conflict, Malformed, Missing, Unavailable
from vc.key_history import Compromise, HistoricKey, KeyState
from vc.public_key import KeyKind, PublicKey, ed25519, spelled
from vc.signing import AnySigner, as_ed25519


class Custody:
    """The keys in one folder.

    Seeds are sealed under the master secret, or never leave a `token`. Every method raises
    Malformed for a register that cannot be read, and Unavailable for one that was closed under
    another master secret, changed by others, or is older than what was read before.
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
        self._newest = 0  # edition of the register that was read

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
        if not METHOD.fullmatch(verification_method):
            sentence = "A verification method is a DID, a # and a fragment."
            raise Malformed("verification-method", sentence, place=verification_method[:64])
        under = (in_token,) if in_token else ()
        with exclusive(self._folder):
            return self._add(name, verification_method, now, under, kind)

    def rotate(self, replacing: str, *, now: datetime, in_token: bool | None = None) -> KeyRecord:
        """Make the successor of the key named `replacing`, which then signs no more.

        It is made where that one lies, in the token or not, unless `in_token` says otherwise.
        Raises Missing, Unavailable when the token does not make it, and Conflict when that key has
        a successor already: of two who rotate at once, one does.
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
            there = old.token_label is not None if in_token is None else in_token
            under = labels(name) if there else ()
            return self._add(name, f"{old.owner}#{prefix}-{number}", moment, under, old.kind)

    def compromise(self, name: str, compromise: Compromise) -> KeyRecord:
        """Record that a key fell into other hands. Raises Missing.

        The date can be corrected to an earlier one; Conflict for a later one, which would make
        good again what was refused.
        """
        with exclusive(self._folder):
            kept = self._kept(name)
            known = kept.record.key.compromise
            if known is not None and known.since < compromise.since:
                sentence = f"{name} is known to be compromised since {known.since:%Y-%m-%d}."
                raise Conflict("key-compromised", sentence)
            if known is not None and known.since == compromise.since:
                return kept.record
            return self._change(kept, replace(kept.record.key, compromise=compromise))

    def revoke(self, name: str, *, now: datetime) -> KeyRecord:
        """Take back all that a key signed. Doing it again changes nothing. Raises Missing."""
        with exclusive(self._folder):
            kept = self._kept(name)
            if kept.record.key.revoked is not None:
                return kept.record
            return self._change(kept, replace(kept.record.key, revoked=now))

    def list(self) -> tuple[KeyRecord, ...]:
        """Every key in any state, the oldest first."""
        return tuple(kept.record for kept in self._register().keys)

    def edition(self) -> int:
        """How often the register was written: an older one that was put back has a lower number."""
        return self._register().edition

    def record(self, name: str) -> KeyRecord:
        """The public facts of one key. Raises Missing."""
        return self._kept(name).record

    def signer(self, name: str) -> AnySigner:
        """The signer of an active key.

        Raises Missing, Conflict for a key that signs no more, Unavailable when the token does not
        answer.
        """
        kept = self._kept(name)
        state = kept.record.state
        if state is not KeyState.ACTIVE:
            raise Conflict("key-retired", f"The key {name} is {state} and signs no more.")
        return self._signer(kept)

    def signer_of(self, owner: str) -> Signer:
        """The signer with the active Ed25519 key of a DID, which signs unless others are asked for.

        Raises as `signer`, Missing when there is none.
        """
        return as_ed25519(self.signer_with(owner, KeyKind.ED25519))

    def signer_with(self, owner: str, kind: KeyKind) -> AnySigner:
        """The signer with the active key of that kind. Raises as `signer`, Missing for none."""
        for kept in reversed(self._register().keys):
            record = kept.record
            if (record.owner, record.kind, record.state) == (owner, kind, KeyState.ACTIVE):
                return self._signer(kept)
        raise Missing("issuer-key", f"{owner} has no {kind} key to sign with.")

    def _signer(self, kept: KeptKey) -> AnySigner:
        record = kept.record
        method = record.verification_method
        if kept.sealed_seed is not None:
            secret = self._seal.open(kept.sealed_seed, purpose=_purpose(record))
            return signer_with(secret, record.kind, verification_method=method)
        signer = self._hardware().signer(record.token_label or "", verification_method=method)
        if signer.public_key != record.public_key:
            sentence = f"The token holds another key under the name {record.name}."
            raise Unavailable("token-key", sentence)
        return signer

    def _add(
        self, name: str, method: str, now: datetime, under: Sequence[str], kind: KeyKind
    ) -> KeyRecord:
        _expect_name(name)
        known = self._register()
        _expect_free(name, method, known)
        kept = self._new(name, method, now, under, kind)
        _expect_own(kept.record, known)
        register.write(self._folder, known.following([*known.keys, kept]), seal=self._seal)
        return kept.record

    def _change(self, kept: KeptKey, key: HistoricKey) -> KeyRecord:
        known = self._register()
        changed = replace(kept, record=replace(kept.record, key=key))
        keys = [changed if one.record == kept.record else one for one in known.keys]
        register.write(self._folder, known.following(keys), seal=self._seal)
        return changed.record

    def _new(
        self, name: str, method: str, now: datetime, under: Sequence[str], kind: KeyKind
    ) -> KeptKey:
        if under and kind is not KeyKind.ED25519:
            sentence = "The token makes Ed25519 keys for issuers, and no others."
            raise Malformed("key-kind", sentence)
        if under:
            label, public_key = generated(self._hardware(), under)
            record = _record(name, method, ed25519(public_key), now)
            return KeptKey(replace(record, token_label=label))
        secret = new_secret(kind, entropy=self._entropy)
        signer = signer_with(secret, kind, verification_method=method)
        record = _record(name, method, public_half(signer), now)
        return KeptKey(record, sealed_seed=self._seal.seal(secret, purpose=_purpose(record)))

    def _hardware(self) -> Token:
        if self._token is None:
            sentence = "No hardware token is set up here."
            raise Unavailable("token", sentence, place="LEARNOMETER_PKCS11_MODULE")
        return self._token

    def _register(self) -> Register:
        newest = self._newest  # before the file is read, which others may write meanwhile
        found = register.read(self._folder, seal=self._seal)
        if found.edition < newest:
            sentence = "This register of keys is older than one that was here before."
            raise Unavailable(register.UNUSABLE, sentence, place=str(self._folder / register.NAME))
        self._newest = max(self._newest, found.edition)
        return found

    def _kept(self, name: str) -> KeptKey:
        _expect_name(name)
        for kept in self._register().keys:
            if kept.record.name == name:
                return kept
        raise Missing("key", f"There is no key named {name}.")


def _expect_name(name: str) -> None:
    if not NAME.fullmatch(name):
        sentence = "A key's name has up to 64 small letters, digits and hyphens."
        raise Malformed("key-name", sentence, place=name[:64])


def _record(name: str, method: str, public_key: PublicKey, now: datetime) -> KeyRecord:
    return KeyRecord(name, HistoricKey(id=method, public_key=public_key, created=now))


def _expect_free(name: str, method: str, known: Register) -> None:
    for record in (kept.record for kept in known.keys):
        if record.name == name:
            raise Conflict("key-name", f"There is a key named {name} already.")
        if record.verification_method == method:
            raise Conflict("key-method", f"{record.name} is published as {method} already.")


def _expect_own(record: KeyRecord, known: Register) -> None:
    """One key, one issuer: nobody could tell the issuers apart."""
    for other in (kept.record for kept in known.keys):
        if other.public_key == record.public_key:
            raise Conflict("key-shared", f"{other.owner} has this very key.")


def _purpose(record: KeyRecord) -> str:
    """The seed is bound to its public facts: it opens in no other key's place."""
    return f"signing key {record.verification_method} {spelled(record.key.public_key)}"
