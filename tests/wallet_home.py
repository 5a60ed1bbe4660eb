"""A wallet, an issuer to fetch from, and two members, on whatever database is handed in."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from badge_issuer import BadgeIssuer
from campus import NOW, Campus

from keys.sealing import Seal
from service.database import Database
from wallet.holder import Wallet
from wallet.judging import Judging
from wallet.keyring import Keyring
from wallet.oid4vci import Fetching
from wallet.oid4vp import Presenting
from wallet.sharing import Sharing
from wallet.store import Held, Holder, Store

AMINA, BEN = "a" * 32, "b" * 32


def counted() -> Callable[[int], bytes]:
    """Bytes that look random and are the same in every run."""
    count = 0

    def entropy(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(str(count).encode()).digest(size)

    return entropy


@dataclass
class Home:
    """Everything around the wallet that a test needs."""

    campus: Campus
    issuer: BadgeIssuer
    store: Store
    wallet: Wallet
    fetching: Fetching
    presenting: Presenting
    sharing: Sharing
    judging: Judging
    amina: Holder
    ben: Holder

    def fetch(self, person_id: str = AMINA) -> Held:
        return self.fetching.accept(person_id, self.issuer.offer(), now=NOW)


def wallet_home(database: Database) -> Home:
    """Two opened wallets and an issuer that can give them badges."""
    campus = Campus()
    issuer = BadgeIssuer(campus)
    store = Store(database.sessions)
    seal = Seal(b"\7" * 32)
    entropy = counted()
    wallet = Wallet(
        store, keyring=Keyring(seal, entropy=entropy), fetcher=campus.library, entropy=entropy
    )
    return Home(
        campus=campus,
        issuer=issuer,
        store=store,
        wallet=wallet,
        fetching=Fetching(
            store,
            wallet=wallet,
            seal=seal,
            http=issuer,
            fetcher=campus.library,
            entropy=entropy,
        ),
        presenting=Presenting(wallet=wallet, http=issuer, fetcher=campus.library),
        sharing=Sharing(store, entropy=entropy),
        judging=Judging(wallet=wallet, http=issuer),
        amina=wallet.open(AMINA, name="Amina Otieno", now=NOW),
        ben=wallet.open(BEN, name="Ben Ito", now=NOW),
    )
