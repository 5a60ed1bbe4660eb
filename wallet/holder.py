"""A member's wallet: open it, see what is in it and whether it still holds, take in and remove."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keys.local import LocalSigner
from vc.bakery import looks_like_image, unbake
from vc.effort import bounded, for_many
from vc.errors import Conflict, Malformed, Missing, Refused
from vc.fetch import MOST_DOCUMENTS_AT_ONCE, Bounded, Fetcher, ReadOnce
from vc.model import Report, VerifiedCredential
from vc.received import receive
from vc.verify import verify
from wallet.keyring import Keyring
from wallet.store import Held, Holder, Ledger, Store
from wallet.tables import LONGEST_ID

_ID_BYTES: Final = 16  # 128 bits: an id that cannot be guessed


@dataclass(frozen=True, slots=True)
class Checked:
    """A credential in the wallet and what a verification just now found."""

    held: Held
    report: Report


class Wallet:
    """What a member can do with their own wallet; each call names the member."""

    def __init__(
        self,
        store: Store,
        *,
        keyring: Keyring,
        fetcher: Fetcher,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._ledger = store.ledger
        self._keyring = keyring
        self._fetcher = fetcher
        self._entropy = entropy

    def open(self, person_id: str, *, name: str, now: datetime) -> Holder:
        """The member's wallet, made with its key at the first call."""
        with self._ledger() as ledger:
            holder = ledger.holder(person_id)
            if holder is None:
                key = self._keyring.create(person_id)
                holder = Holder(person_id=person_id, did=key.did, name=name)
                ledger.add_holder(holder, sealed_seed=key.sealed_seed, now=now)
            elif holder.name != name:
                ledger.rename_holder(person_id, name=name)
                holder = Holder(person_id=person_id, did=holder.did, name=name)
        return holder

    def holder(self, person_id: str) -> Holder:
        """The member's wallet. Raises Missing before it was opened."""
        with self._ledger() as ledger:
            return _existing(ledger, person_id)

    def signer(self, person_id: str) -> LocalSigner:
        """The member's key, for use cases that asked the member first. Raises Missing."""
        with self._ledger() as ledger:
            sealed_seed = ledger.sealed_seed(person_id)
        if sealed_seed is None:
            raise _no_wallet()
        return self._keyring.signer(person_id, sealed_seed)

    def credentials(self, person_id: str) -> tuple[Held, ...]:
        """Everything in the wallet, the newest first."""
        with self._ledger() as ledger:
            return ledger.credentials(person_id)

    def credential(self, person_id: str, held_id: str) -> Held:
        """One credential. Raises Missing for one that is another member's, as for none."""
        with self._ledger() as ledger:
            return own_credential(ledger, person_id, held_id)

    def check(self, *held: Held, now: datetime) -> tuple[Checked, ...]:
        """Each credential with a verification of this moment, dates and status included."""
        fetcher = ReadOnce(Bounded(self._fetcher, most=MOST_DOCUMENTS_AT_ONCE))
        with bounded(for_many()):
            return tuple(
                Checked(entry, verify(entry.signed, now=now, fetcher=fetcher)) for entry in held
            )

    def take_in(self, person_id: str, source: bytes | str, *, now: datetime) -> Held:
        """Keep a credential that the member has: JSON, a token, or an image with either inside.

        It is verified first, and its text is kept as it came. Raises Malformed, Refused when it
        does not verify or is another's, Conflict when a newer version is in the wallet.
        """
        received = receive(source)
        signed = received.token or _text(source)
        verified = verify(signed, now=now, fetcher=self._fetcher).verified()
        with self._ledger() as ledger:
            return self.keep(ledger, person_id, verified, signed=signed)

    def keep(
        self, ledger: Ledger, person_id: str, verified: VerifiedCredential, *, signed: str
    ) -> Held:
        """Keep a verified credential of this member. Raises Refused, Conflict."""
        credential = verified.credential
        if credential.subject_id != _existing(ledger, person_id).did:
            raise Refused("not-yours", "This badge was given to somebody else.")
        key = credential.id or f"urn:sha256:{hashlib.sha256(signed.encode()).hexdigest()}"
        if max(len(key), len(credential.issuer_id)) > LONGEST_ID:
            raise Malformed("id-length", f"An id is longer than {LONGEST_ID} characters.")
        kept = ledger.credential_by_key(person_id, issuer_id=credential.issuer_id, key=key)
        if kept is None:
            row_id = self._entropy(_ID_BYTES).hex()
            ledger.add_credential(person_id, verified, row_id=row_id, key=key, signed=signed)
            return own_credential(ledger, person_id, row_id)
        if kept.signed != signed:
            # OB 3.0, credential equality: the same id by the same issuer, the newer one stays.
            if _older(credential.valid_from, kept.awarded_at):
                raise Conflict("older-version", "A newer version of this badge is here already.")
            ledger.replace_credential(kept.id, verified, signed=signed)
        return own_credential(ledger, person_id, kept.id)

    def remove(self, person_id: str, held_id: str) -> Held:
        """Take a credential out of the wallet and its links; returns what it was. Raises Missing.

        The issuer's record stays: the badge can be fetched or pasted again.
        """
        with self._ledger() as ledger:
            held = own_credential(ledger, person_id, held_id)
            ledger.remove_credential(held_id)
        return held


def own_credential(ledger: Ledger, person_id: str, held_id: str) -> Held:
    """The credential, if this person holds it. Raises Missing, the same for none and another's."""
    held = ledger.credential(held_id)
    if held is None or held.person_id != person_id:
        raise Missing("credential", "There is no such badge in your wallet.")
    return held


def _existing(ledger: Ledger, person_id: str) -> Holder:
    holder = ledger.holder(person_id)
    if holder is None:
        raise _no_wallet()
    return holder


def _no_wallet() -> Missing:
    return Missing("wallet", "There is no wallet for you yet.")


def _older(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and than is not None and moment < than


def _text(source: bytes | str) -> str:
    """The JSON text in what was handed over, byte for byte, out of its image if it is in one."""
    if isinstance(source, str):
        return source
    return unbake(source) if looks_like_image(source) else source.decode("utf-8")
