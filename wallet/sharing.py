"""Share links: a member shows chosen badges to whoever has the address."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vc.encoding import base64url_encode
from vc.errors import Gone, Malformed, Missing
from wallet.holder import own_credential
from wallet.store import Holder, Ledger, Link, Store

TOKEN_BYTES: Final = 24  # 192 bits: beyond guessing, and still short enough to print
LONGEST_PURPOSE: Final = 200  # characters
MOST_SHARED: Final = 100  # badges in one link
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made. The token is shown this once; afterwards only its hash is known."""

    link: Link
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link shows: who shares, and which badges for what purpose. Nothing is checked yet."""

    holder: Holder
    link: Link


class Sharing:
    """Makes, lists, revokes and opens share links."""

    def __init__(self, store: Store, *, entropy: Callable[[int], bytes]) -> None:
        self._ledger = store.ledger
        self._entropy = entropy

    def share(
        self,
        person_id: str,
        held_ids: Sequence[str],
        *,
        purpose: str,
        expires_at: datetime | None = None,
        now: datetime,
    ) -> NewLink:
        """A link that shows these badges of the member's own, for good unless `expires_at`.

        Raises Missing for a badge that is not theirs, Malformed for an empty choice, an expiry
        in the past or a long purpose.
        """
        chosen = tuple(dict.fromkeys(held_ids))
        if not 0 < len(chosen) <= MOST_SHARED:
            raise Malformed("share", f"Choose 1 to {MOST_SHARED} badges.", place="credentials")
        if len(purpose) > LONGEST_PURPOSE:
            sentence = f"The purpose has up to {LONGEST_PURPOSE} characters."
            raise Malformed("share", sentence, place="purpose")
        if expires_at is not None and expires_at <= now:
            raise Malformed("share", "The last day lies in the past.", place="expires")
        token = base64url_encode(self._entropy(TOKEN_BYTES))
        with self._ledger() as ledger:
            link = Link(
                id=self._entropy(_ID_BYTES).hex(),
                person_id=person_id,
                purpose=purpose,
                created_at=now,
                expires_at=expires_at,
                revoked_at=None,
                credentials=tuple(own_credential(ledger, person_id, held) for held in chosen),
                openings=0,
                last_opened_at=None,
            )
            ledger.add_link(link, token_digest=_digest(token))
        return NewLink(link, token)

    def links(self, person_id: str) -> tuple[Link, ...]:
        """The member's links, open and ended, the newest first."""
        with self._ledger() as ledger:
            return ledger.links(person_id)

    def revoke(self, person_id: str, link_id: str, *, now: datetime) -> None:
        """End a link for good; ending it again changes nothing. Raises Missing."""
        with self._ledger() as ledger:
            for link in ledger.links(person_id):
                if link.id == link_id:
                    if link.revoked_at is None:
                        ledger.revoke_link(link_id, now=now)
                    return
        raise Missing("link", "There is no such link of yours.")

    def open(self, token: str, *, now: datetime) -> Opened:
        """What the link shows; the opening is noted for the holder.

        Raises Missing for an unknown token, and Gone for a link that its holder ended, whose last
        day is over, or whose badges were all removed.
        """
        with self._ledger() as ledger:
            opened = _opened(ledger, token, now)
            ledger.add_opening(self._entropy(_ID_BYTES).hex(), link_id=opened.link.id, now=now)
        return opened

    def read(self, token: str, *, now: datetime) -> Opened:
        """The same for a file that belongs to a page already opened. Raises Missing, Gone."""
        with self._ledger() as ledger:
            return _opened(ledger, token, now)


def _opened(ledger: Ledger, token: str, now: datetime) -> Opened:
    link = ledger.link_by_token(_digest(token))
    holder = ledger.holder(link.person_id) if link else None
    if link is None or holder is None:
        sentence = (
            "This link was not copied whole, or was deleted. Ask whoever sent it for another."
        )
        raise Missing("link", sentence)
    if not link.is_open(now=now) or not link.credentials:
        raise Gone("link-ended", "This link has ended. Ask the person who shared it for another.")
    return Opened(holder, link)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
