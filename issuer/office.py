"""The issuer's use cases, put together once: for the mounted service, the story and the tests."""

from collections.abc import Callable
from dataclasses import dataclass

from issuer.activities import Activities
from issuer.appeals import Appeals
from issuer.auditing import Auditing
from issuer.awarding import Awarding
from issuer.ballot_requests import BallotRequests
from issuer.chance import Chance, Secrets
from issuer.community import Community
from issuer.lapsing import Lapsing
from issuer.level import LevelBallots
from issuer.log import Log
from issuer.lottery import Lottery
from issuer.offers import Offers
from issuer.panels import PanelBallots
from issuer.proposals import Proposals
from issuer.publishing import Keys, Publishing
from issuer.renewal import Renewal
from issuer.securing import Securing, SignerWith
from issuer.store import Store
from keys.sealing import Seal
from vc.ed25519 import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything that the issuer can do."""

    store: Store
    community: Community
    activities: Activities
    proposals: Proposals
    level: LevelBallots
    lottery: Lottery
    panels: PanelBallots
    lapsing: Lapsing
    appeals: Appeals
    requests: BallotRequests
    awarding: Awarding
    auditing: Auditing
    offers: Offers
    publishing: Publishing
    log: Log
    renewal: Renewal


def office(
    store: Store,
    *,
    seal: Seal,
    chance: Chance,
    secrets: Secrets,
    signer_of: Callable[[str], Signer],
    signer_with: SignerWith,
    keys_of: Keys,
    origin: str,
) -> Office:
    """The office over `store`.

    `signer_of` and `signer_with` give a tenant's signer, the one for all and the one with a kind
    of key; `keys_of` gives every key that it ever had. issuer.tenant_keys has them.
    """
    securing = Securing(signer_with=signer_with, seal=seal)
    activities = Activities(store, seal=seal, chance=chance)
    panels = PanelBallots(store, seal=seal, origin=origin)
    awarding = Awarding(
        store,
        panels=panels,
        signer_of=signer_of,
        securing=securing,
        chance=chance,
        origin=origin,
    )
    return Office(
        store=store,
        community=Community(store),
        activities=activities,
        proposals=Proposals(store, activities=activities),
        level=LevelBallots(store, seal=seal),
        lottery=Lottery(store, seal=seal),
        panels=panels,
        lapsing=Lapsing(store),
        appeals=Appeals(store),
        requests=BallotRequests(store, panels=panels, seal=seal, secrets=secrets, origin=origin),
        awarding=awarding,
        auditing=Auditing(store, chance=chance),
        offers=Offers(store, awarding=awarding, secrets=secrets),
        publishing=Publishing(
            store, awarding=awarding, keys=keys_of, signer_of=signer_of, origin=origin
        ),
        log=Log(store, signer_of=signer_of, origin=origin),
        renewal=Renewal(store, securing=securing),
    )
