"""What the wallet's pages work with, in one place, so that a view gets one argument."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.guard import signed_in_person
from vc.errors import Malformed
from wallet.asked import KnownParty
from wallet.holder import Checked, Wallet
from wallet.judging import Judging
from wallet.oid4vci import Fetching
from wallet.oid4vp import Presenting
from wallet.sharing import Sharing
from wallet.shown import Pictures, RegisteredIssuer, Shown, show
from wallet.store import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The use cases of the wallet, the clock, and what only the composition knows."""

    wallet: Wallet
    fetching: Fetching
    presenting: Presenting
    sharing: Sharing
    judging: Judging
    origin: str
    pictures: Pictures
    registered_issuer: RegisteredIssuer
    known_party: KnownParty
    now: Callable[[], datetime]

    def member(self) -> Holder:
        """The wallet of whoever is signed in, opened at their first visit."""
        person = signed_in_person()
        return self.wallet.open(person.id, name=person.name, now=self.now())

    def show(self, checked: Iterable[Checked]) -> list[Shown]:
        """Verified credentials laid out for a page."""
        return [show(entry, registered_issuer=self.registered_issuer) for entry in checked]

    def share_url(self, token: str) -> str:
        """The address that a share link has."""
        return f"{self.origin}/wallet/share/{token}"


def required(value: str | None, *, name: str) -> str:
    """A form or query field that must be filled in. Raises Malformed with its place."""
    if not value:
        raise Malformed("form", "This field is needed.", place=name)
    return value
