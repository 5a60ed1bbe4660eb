"""What an issuer lays out for anyone to read: keys, status lists, the menu, rules, evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issuer import achievements, log, roll
from issuer.addresses import Addresses
from issuer.awarding import Awarding
from issuer.states import ContributionState
from issuer.store import Store
from issuer.tables.community import AchievementRow, RuleRow, TenantRow
from issuer.tables.judging import ContributionRow
from vc import did, key_history
from vc.documents import LARGEST_RECORD, JsonObject, parse
from vc.ed25519 import Signer
from vc.errors import Missing
from vc.key_history import HistoricKey, KeyHistory, KeyState

# Every key that a tenant ever had, the oldest first.
Keys = Callable[[str], Sequence[HistoricKey]]

MEMBERSHIP: Final = "membership"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Bytes to hand out, with the media type that was claimed for them."""

    name: str
    media_type: str
    content: bytes


class Publishing:
    """Public documents of every tenant. Each method raises Missing for what is not there."""

    def __init__(
        self,
        store: Store,
        *,
        awarding: Awarding,
        keys: Keys,
        signer_of: Callable[[str], Signer],
        origin: str,
    ) -> None:
        self._store = store
        self._awarding = awarding
        self._keys = keys
        self._signer = signer_of
        self._origin = origin
        # Whoever verifies asks for it: the last one of each tenant, which is in the log.
        self._histories: dict[str, tuple[KeyHistory, JsonObject]] = {}

    def name(self, tenant: str) -> str:
        """The tenant's name."""
        with self._store.ledger() as ledger:
            return ledger.get(TenantRow, tenant).name

    def did_document(self, tenant: str) -> JsonObject:
        """The tenant's DID document: every key that it ever had, and which of them sign now."""
        with self._store.ledger() as ledger:
            ledger.get(TenantRow, tenant)
        addresses, keys = Addresses(self._origin, tenant), self._keys(tenant)
        return did.document(
            addresses.did,
            [(key.fragment, key.public_key) for key in keys],
            expires={key.fragment: key.rotated for key in keys if key.rotated},
            revoked={key.fragment: key.withdrawn for key in keys if key.withdrawn},
            key_history=addresses.key_history,
            quality=addresses.quality,
        )

    def key_history(self, tenant: str, *, now: datetime) -> JsonObject:
        """Since when and until when each key of the tenant could be believed, signed and logged.

        Raises Missing also while no key of the tenant may sign.
        """
        known = self._histories.get(tenant)
        if known is not None and known[0].keys == self._keys(tenant):
            return known[1]
        with self._store.ledger() as ledger:
            ledger.get(TenantRow, tenant)
            history, signed = self._signed_history(tenant)
            if not log.knows(ledger, tenant=tenant, document=signed):
                ledger.hold(TenantRow, tenant)
                log.append(ledger, tenant=tenant, document=signed, now=now)
        self._histories[tenant] = history, signed
        return signed

    def _signed_history(self, tenant: str) -> tuple[KeyHistory, JsonObject]:
        addresses = Addresses(self._origin, tenant)
        while True:
            signer = self._signer(tenant)
            history = KeyHistory(addresses.did, addresses.asked_log, self._keys(tenant))
            key = history.key(signer.verification_method)
            if key is not None and key.state is KeyState.ACTIVE:  # else it was just replaced
                return history, key_history.sign(history, signer=signer)

    def issued(self, tenant: str, *, url: str, client: str) -> JsonObject:
        """What a client had signed under an id, for that client."""
        with self._store.ledger() as ledger:
            row = ledger.credential_by_url(url)
            events = ledger.events(row.id) if row and row.tenant_id == tenant else ()
            own = any(one.kind == "issued" and one.detail["client"] == client for one in events)
            text = row.signed if row and own else None
        if text is None:
            raise Missing("credential", "You have had no such credential signed.")
        return parse(text, largest=LARGEST_RECORD)

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
