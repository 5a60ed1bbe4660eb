"""What every act plays with: the plot, the program's use cases, and who is who."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import issuer.oid4vci
from accounts.people import People
from degree.pages import Desk as DegreeDesk
from issuer.offers import OfferMade
from issuer.office import Office
from openid4vc.issuance.offer import offer_by_value
from service.demo.agenda import Agenda, StoryClock
from service.demo.chronicle import Chronicle
from service.demo.plot import Plot
from service.parts import Program
from wallet.desk import Desk as WalletDesk
from wallet.store import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One telling of a plot in a program that was composed with `clock`.

    `handles` leads from an account's id to the member's handle.
    """

    plot: Plot
    program: Program
    office: Office
    wallet: WalletDesk
    degree: DegreeDesk
    clock: StoryClock
    agenda: Agenda
    chronicle: Chronicle = field(default_factory=Chronicle)
    handles: dict[str, str] = field(default_factory=dict)

    @property
    def people(self) -> People:
        """Who can sign in."""
        return self.program.parts.people

    def now(self) -> datetime:
        """The story's time."""
        return self.clock()

    def know(self, handle: str, person_id: str) -> None:
        """Remember whose account is whose."""
        self.chronicle.people[handle] = person_id
        self.handles[person_id] = handle

    def person_id(self, handle: str) -> str:
        """The account of a member."""
        return self.chronicle.people[handle]

    def fetch(self, person_id: str, made: OfferMade) -> Held:
        """A member's wallet takes up an offer: fetched by OpenID4VCI, verified, then kept."""
        offer = issuer.oid4vci.offer(made, origin=self.program.parts.settings.origin)
        return self.wallet.fetching.accept(person_id, offer_by_value(offer), now=self.now())

    def sign_ballot(self, person_id: str, address: str) -> None:
        """A judge's wallet reads the ballot at `address`, signs it and hands it in."""
        ballot = self.wallet.judging.look(person_id, address)
        self.wallet.judging.cast(person_id, ballot, seen=ballot.digest, now=self.now())

    def held(self, handle: str, urls: Iterable[str]) -> list[str]:
        """The ids under which a member's wallet keeps these badges; those it has not are left out.

        The order is that of `urls`.
        """
        kept = self.wallet.wallet.credentials(self.person_id(handle))
        ids = {held.credential_id: held.id for held in kept}
        return [ids[url] for url in urls if url in ids]
