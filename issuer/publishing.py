"""What an issuer lays out for anyone to read: keys, status lists, the menu, rules, evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issuer import achievements, roll
from issuer.addresses import Addresses
from issuer.awarding import Awarding
from issuer.states import ContributionState
from issuer.store import Store
from issuer.tables.community import AchievementRow, RuleRow, TenantRow
from issuer.tables.judging import ContributionRow
from vc import did
from vc.documents import JsonObject
from vc.errors import Missing

# The keys of a tenant, retired ones among them: (fragment, 32-byte public key).
Keys = Callable[[str], Sequence[tuple[str, bytes]]]

MEMBERSHIP: Final = "membership"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Bytes to hand out, with the media type that was claimed for them."""

    name: str
    media_type: str
    content: bytes


class Publishing:
    """Public documents of every tenant. Each method raises Missing for what is not there."""

    def __init__(self, store: Store, *, awarding: Awarding, keys: Keys, origin: str) -> None:
        self._store = store
        self._awarding = awarding
        self._keys = keys
        self._origin = origin

    def name(self, tenant: str) -> str:
        """The tenant's name."""
        with self._store.ledger() as ledger:
            return ledger.get(TenantRow, tenant).name

    def did_document(self, tenant: str) -> JsonObject:
        """The tenant's DID document."""
        with self._store.ledger() as ledger:
            ledger.get(TenantRow, tenant)
        return did.document(Addresses(self._origin, tenant).did, self._keys(tenant))

    def status_list(self, tenant: str, list_id: str, *, now: datetime) -> str:
        """A signed status list credential as JSON text."""
        return self._awarding.status_list(tenant, list_id, now=now)

    def menu(self, tenant: str) -> list[JsonObject]:
        """Every badge of the menu as an Achievement."""
        with self._store.ledger() as ledger:
            return [
                achievements.achievement(
                    row,
                    rubric=roll.rubric_of(ledger, row.rubric_digest),
                    addresses=Addresses(self._origin, tenant),
                )
                for row in ledger.every(AchievementRow)
                if row.tenant_id == tenant
            ]

    def achievement(self, tenant: str, achievement_id: str) -> JsonObject:
        """One badge of the menu as an Achievement."""
        addresses = Addresses(self._origin, tenant)
        with self._store.ledger() as ledger:
            if achievement_id == MEMBERSHIP:
                return achievements.membership(ledger.get(TenantRow, tenant), addresses=addresses)
            row = ledger.get(AchievementRow, achievement_id)
            if row.tenant_id != tenant:
                raise Missing("achievement", "There is no such achievement.")
            rubric = roll.rubric_of(ledger, row.rubric_digest)
            return achievements.achievement(row, rubric=rubric, addresses=addresses)

    def rule(self, digest: str) -> File:
        """A policy or rubric, byte for byte."""
        with self._store.ledger() as ledger:
            row = ledger.get(RuleRow, digest)
            name = f"{row.name}-{row.version}.yaml"
            return File(name=name, media_type="application/yaml", content=row.content.encode())

    def evidence(self, digest: str) -> File:
        """Evidence, byte for byte, once a badge names it; before, only its judges may see it."""
        with self._store.ledger() as ledger:
            for row in ledger.evidence_by_digest(digest):
                contribution = ledger.get(ContributionRow, row.contribution_id)
                awarded = contribution.state == ContributionState.AWARDED
                if awarded and row.revision == contribution.revision:
                    return File(name=row.name, media_type=row.media_type, content=row.content)
        raise Missing("evidence", "There is no such evidence.")
