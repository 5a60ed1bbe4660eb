"""Wallets as they are kept: holders, credentials, offers and share links, in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from vc.errors import Conflict
from vc.model import VerifiedCredential
from wallet.tables import CredentialRow, HolderRow, LinkRow, OfferRow, OpeningRow, SharedRow

# Asked with every ballot and badge: composing a question takes about as long as asking it.
_HOLDER: Final = select(HolderRow.did, HolderRow.name).where(
    HolderRow.person_id == bindparam("person")
)
_SEED: Final = select(HolderRow.sealed_seed).where(HolderRow.person_id == bindparam("person"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A member with a wallet: their did:key, and their name as the account has it."""

    person_id: str
    did: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A credential in a wallet. `signed` is the text as received: JSON or a compact JWS."""

    id: str
    person_id: str
    issuer_id: str
    credential_id: str
    signed: str
    name: str
    issuer_name: str
    awarded_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOffer:
    """An offer in the inbox: the address of who offers, and the offer's own, still sealed."""

    id: str
    person_id: str
    issuer: str
    sealed_uri: bytes
    received_at: datetime

    @property
    def host(self) -> str:
        """The host of who offers."""
        return urlsplit(self.issuer).netloc


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A share link and how it was used; it does not expire unless the holder chose so."""

    id: str
    person_id: str
    purpose: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    credentials: tuple[Held, ...]
    openings: int
    last_opened_at: datetime | None

    @property
    def last_moment(self) -> datetime | None:
        """The last moment at which it shows anything, on the last day that the holder chose."""
        return None if self.expires_at is None else self.expires_at - timedelta(seconds=1)

    def is_open(self, *, now: datetime) -> bool:
        """Whether the link still shows anything."""
        expired = self.expires_at is not None and self.expires_at <= now
        return self.revoked_at is None and not expired


class Store:
    """Wallets, in transactions."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """One transaction: committed at the end, or rolled back whole when an error leaves it.

        Raises Conflict when another transaction took the same key at the same moment.
        """
        try:
            with self._sessions.begin() as session:
                yield Ledger(session)
        except IntegrityError as error:
            sentence = "This was done twice at the same moment. Look, and try again."
            raise Conflict("same-moment", sentence) from error


class Ledger:
    """What can be read and written within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_holder(self, holder: Holder, *, sealed_seed: bytes, now: datetime) -> None:
        """Open a wallet. A second one for the same person breaks the primary key."""
        self._session.add(
            HolderRow(
                person_id=holder.person_id,
                did=holder.did,
                name=holder.name,
                sealed_seed=sealed_seed,
                opened_at=now,
            )
        )
        self._session.flush()

    def holder(self, person_id: str) -> Holder | None:
        """The wallet of a person."""
        row = self._session.execute(_HOLDER, {"person": person_id}).one_or_none()
        return Holder(person_id=person_id, did=row.did, name=row.name) if row else None

    def rename_holder(self, person_id: str, *, name: str) -> None:
        """Follow a change of the account's name; no badge is touched by it."""
        self._session.get_one(HolderRow, person_id).name = name

    def sealed_seed(self, person_id: str) -> bytes | None:
        """The sealed seed of the holder's key; None where there is no wallet."""
        return self._session.scalar(_SEED, {"person": person_id})

    def add_credential(
        self, person_id: str, verified: VerifiedCredential, *, row_id: str, key: str, signed: str
    ) -> None:
        """Keep a credential that was verified; nothing else can be kept. `key` is its id."""
        credential = verified.credential
        self._session.add(
            CredentialRow(
                id=row_id,
                person_id=person_id,
                issuer_id=credential.issuer_id,
                credential_id=key,
                signed=signed,
                name=_label(credential.name),
                issuer_name=_label(credential.issuer_name),
                awarded_at=credential.valid_from,
                received_at=verified.checked_at,
            )
        )
        self._session.flush()

    def replace_credential(self, row_id: str, verified: VerifiedCredential, *, signed: str) -> None:
        """Put a newer version by the same issuer in place of the kept one."""
        row = self._session.get_one(CredentialRow, row_id)
        row.signed, row.name = signed, _label(verified.credential.name)
        row.issuer_name = _label(verified.credential.issuer_name)
        row.awarded_at, row.received_at = verified.credential.valid_from, verified.checked_at

    def credentials(self, person_id: str) -> tuple[Held, ...]:
        """Everything a person holds, the newest first."""
        query = (
            select(CredentialRow)
            .where(CredentialRow.person_id == person_id)
            .order_by(CredentialRow.awarded_at.desc().nulls_last(), CredentialRow.id)
        )
        return tuple(_held(row) for row in self._session.scalars(query))

    def credential(self, row_id: str) -> Held | None:
        """One credential, of whoever holds it."""
        row = self._session.get(CredentialRow, row_id)
        return _held(row) if row else None

    def credential_by_key(self, person_id: str, *, issuer_id: str, key: str) -> Held | None:
        """The person's credential with this id by this issuer."""
        query = select(CredentialRow).where(
            CredentialRow.person_id == person_id,
            CredentialRow.issuer_id == issuer_id,
            CredentialRow.credential_id == key,
        )
        row = self._session.scalar(query)
        return _held(row) if row else None

    def remove_credential(self, row_id: str) -> None:
        """Take a credential out of the wallet and out of every link that shows it."""
        self._session.execute(delete(SharedRow).where(SharedRow.credential_id == row_id))
        self._session.execute(delete(CredentialRow).where(CredentialRow.id == row_id))

    def add_offer(self, offer: PendingOffer) -> None:
        """Put an offer into the inbox."""
        self._session.add(
            OfferRow(
                id=offer.id,
                person_id=offer.person_id,
                issuer=offer.issuer,
                sealed_uri=offer.sealed_uri,
                received_at=offer.received_at,
            )
        )

    def offers(self, person_id: str) -> tuple[PendingOffer, ...]:
        """The inbox, the oldest first."""
        query = (
            select(OfferRow).where(OfferRow.person_id == person_id).order_by(OfferRow.received_at)
        )
        return tuple(
            PendingOffer(
                id=row.id,
                person_id=row.person_id,
                issuer=row.issuer,
                sealed_uri=row.sealed_uri,
                received_at=row.received_at,
            )
            for row in self._session.scalars(query)
        )

    def remove_offer(self, offer_id: str) -> None:
        """Forget an offer that was answered."""
        self._session.execute(delete(OfferRow).where(OfferRow.id == offer_id))

    def add_link(self, link: Link, *, token_digest: str) -> None:
        """Keep a new share link."""
        self._session.add(
            LinkRow(
                id=link.id,
                person_id=link.person_id,
                token_digest=token_digest,
                purpose=link.purpose,
                created_at=link.created_at,
                expires_at=link.expires_at,
            )
        )
        self._session.flush()
        self._session.add_all(
            SharedRow(link_id=link.id, credential_id=held.id, place=place)
            for place, held in enumerate(link.credentials)
        )

    def links(self, person_id: str) -> tuple[Link, ...]:
        """The links a person made, the newest first."""
        query = (
            select(LinkRow)
            .where(LinkRow.person_id == person_id)
            .order_by(LinkRow.created_at.desc(), LinkRow.id)
        )
        return tuple(self._link(row) for row in self._session.scalars(query).all())

    def link_by_token(self, token_digest: str) -> Link | None:
        """The link with this token."""
        row = self._session.scalar(select(LinkRow).where(LinkRow.token_digest == token_digest))
        return self._link(row) if row else None

    def revoke_link(self, link_id: str, *, now: datetime) -> None:
        """End a link for good."""
        self._session.get_one(LinkRow, link_id).revoked_at = now

    def add_opening(self, opening_id: str, *, link_id: str, now: datetime) -> None:
        """Note that a link was opened."""
        self._session.add(OpeningRow(id=opening_id, link_id=link_id, opened_at=now))

    def _link(self, row: LinkRow) -> Link:
        shown = (
            select(CredentialRow)
            .join(SharedRow)
            .where(SharedRow.link_id == row.id)
            .order_by(SharedRow.place)
        )
        openings = select(func.count(), func.max(OpeningRow.opened_at)).where(
            OpeningRow.link_id == row.id
        )
        count, last = self._session.execute(openings).one()
        return Link(
            id=row.id,
            person_id=row.person_id,
            purpose=row.purpose,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            credentials=tuple(_held(entry) for entry in self._session.scalars(shown)),
            openings=count,
            last_opened_at=last,
        )


def _held(row: CredentialRow) -> Held:
    return Held(
        id=row.id,
        person_id=row.person_id,
        issuer_id=row.issuer_id,
        credential_id=row.credential_id,
        signed=row.signed,
        name=row.name,
        issuer_name=row.issuer_name,
        awarded_at=row.awarded_at,
        received_at=row.received_at,
    )


def _label(text: str) -> str:
    """A name as lists show it; PostgreSQL keeps no NUL in a text."""
    return text.replace("\0", "")
