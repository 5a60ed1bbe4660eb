"""From a positive decision to a signed badge, and what may happen to it afterwards.

A badge is recorded with its status places and its unsigned body in one transaction, under a
unique key per contribution; then it is signed. Ed25519 is deterministic, so signing again after
a crash gives the same bytes.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from issuer import decisions, documents, log, roll, status_lists
from issuer.addresses import Addresses
from issuer.box import level_poll, panel_poll
from issuer.chance import Chance
from issuer.panels import PanelBallots
from issuer.securing import DEFAULT, Securing, Wish
from issuer.states import ContributionState
from issuer.store import Ledger, Store
from issuer.tables.community import (
    AchievementRow,
    CircleRow,
    ContextRow,
    MemberRow,
    TenantRow,
)
from issuer.tables.credentials import AwardRow, CredentialRow, StatusListRow
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow
from vc.documents import LARGEST_RECORD, JsonObject, parse
from vc.ed25519 import Signer
from vc.errors import Conflict, Forbidden, Malformed, Missing, Refused
from vc.issue import issue
from vc.model import identifier, listed, timestamp
from vc.structure import read_credential

_log = logging.getLogger(__name__)

BADGE: Final = "AchievementCredential"
CARD: Final = "MembershipCard"
CLR: Final = "ClrCredential"
OTHER: Final = "VerifiableCredential"
_LONGEST_NAME: Final = 300  # as the table has it
_BADGES: Final = frozenset({BADGE, "OpenBadgeCredential"})


class Awarding:
    """Issues, withdraws and publishes credentials of every tenant. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        panels: PanelBallots,
        signer_of: Callable[[str], Signer],
        securing: Securing,
        chance: Chance,
        origin: str,
    ) -> None:
        self._store = store
        self._panels = panels
        self._signer = signer_of
        self._securing = securing
        self._chance = chance
        self._origin = origin

    def award(self, *, contribution_id: str, now: datetime) -> str:
        """Turn an accepted contribution into a signed badge; the credential's id is the result.

        Raises Conflict when it was not accepted, or was awarded already.
        """
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            award = self._award(ledger, contribution)
            addresses = Addresses(self._origin, award.tenant.id)
            body = documents.badge(award, addresses=addresses, valid_from=now)
            row = self._record(ledger, body, addresses, contribution.credential_id, BADGE, now)
            ledger.add(
                AwardRow(contribution_id=contribution_id, credential_id=row.id, awarded_at=now)
            )
            contribution.state = ContributionState.AWARDED
            ledger.log("awarded", about=contribution_id, at=now, credential=row.url)
        self._sign(row.id, now=now)
        return row.id

    def complete(self, *, now: datetime) -> int:
        """Sign what a crash left unsigned; the number of credentials is the result.

        One that cannot be signed is logged, and keeps no other one waiting.
        """
        with self._store.ledger() as ledger:
            waiting = [row.id for row in ledger.unsigned_credentials()]
        return sum(self._is_signed(credential_id, now=now) for credential_id in waiting)

    def _is_signed(self, credential_id: str, *, now: datetime) -> bool:
        try:
            self._sign(credential_id, now=now)
        except Refused as refusal:
            _log.error("credential %s stays unsigned: %s", credential_id, refusal)
            return False
        return True

    def issue(
        self,
        tenant: str,
        unsigned: JsonObject,
        *,
        now: datetime,
        wished: Wish = DEFAULT,
        client: str = "",
    ) -> JsonObject:
        """Secure a credential that a client composed, as it wishes (VC-API issue).

        `client` is its name, for the record.

        An absent id, validFrom and credentialStatus are added. Raises Malformed for a credential
        of no sound form, Forbidden for one of another issuer or while an audit holds the awards,
        Conflict for an id that exists. A credential that cannot be signed takes no place in a
        status list.
        """
        addresses = Addresses(self._origin, tenant)
        self._signer(tenant)  # or nothing is recorded
        if identifier(unsigned.get("issuer")) != addresses.did:
            raise Forbidden("issuer", f"This issuer is {addresses.did}.", place="/issuer")
        if "credentialStatus" in unsigned:
            sentence = "The issuer gives the credential its status entries."
            raise Malformed("status-entry", sentence, place="/credentialStatus")
        credential_id = self._chance.identifier()
        body = {
            **unsigned,
            "id": unsigned.get("id", addresses.credential(credential_id)),
            "validFrom": unsigned.get("validFrom", timestamp(now)),
        }
        types = read_credential(body).types
        with self._store.ledger() as ledger:
            kind = CLR if CLR in types else OTHER
            kind = BADGE if types & _BADGES else kind
            if ledger.credential_by_url(str(body["id"])) is not None:
                sentence = "A credential with this id was issued before. Give this one another."
                raise Conflict("credential-id", sentence, place="/id")
            if ledger.awards_are_held():
                raise Forbidden("awards-held", "Awards wait for the audit of doubtful decisions.")
            row = self._record(ledger, body, addresses, credential_id, kind, now)
            # Only now, while the tenant is held, does the key stay the one that signs.
            row.wish = None if wished == DEFAULT else wished.written()
            signed = self._securing.secure(
                parse(row.unsigned, largest=LARGEST_RECORD),
                tenant=tenant,
                credential_id=row.id,
                wished=wished,
                now=now,
            )
            row.signed = _text(signed)
            log.append(ledger, tenant=tenant, document=signed, now=now)
            ledger.log("issued", about=row.id, at=now, url=row.url, client=client)
        return signed

    def membership_card(self, *, person_id: str, did: str, now: datetime) -> str:
        """Bind a wallet's key to a member and issue the card; the credential's id is the result.

        The caller has checked that whoever asks is the member and holds the key. Asking again
        with the same key gives the same card. Raises Conflict when another key is bound to the
        member, or the key to another member.
        """
        with self._store.ledger() as ledger:
            member = ledger.hold(MemberRow, person_id)
            if member.did is not None and member.did != did:
                raise Conflict("wallet-bound", "Another wallet is bound to this member.")
            circle = ledger.get(CircleRow, member.circle_id)
            addresses = Addresses(self._origin, circle.tenant_id)
            held = next((row for row in ledger.credentials_of(did) if row.kind == CARD), None)
            if member.did == did and held is not None:
                credential_id = held.id
            else:
                member.did = did
                credential_id = self._chance.identifier()
                body = documents.membership_card(
                    tenant=ledger.get(TenantRow, circle.tenant_id),
                    member=member,
                    circle=circle,
                    credential_url=addresses.credential(credential_id),
                    addresses=addresses,
                    valid_from=now,
                )
                self._record(ledger, body, addresses, credential_id, CARD, now)
                ledger.log("wallet-bound", about=person_id, at=now)
        self._sign(credential_id, now=now)
        return credential_id

    def revoke(self, credential_id: str, *, reason: str, now: datetime) -> None:
        """Withdraw a credential for good. Raises Conflict when it is revoked already."""
        with self._store.ledger() as ledger:
            withdraw(ledger, credential_id, reason=reason, now=now)

    def suspend(self, credential_id: str, *, reason: str, now: datetime) -> None:
        """Withdraw a credential for a time. Raises Conflict when it is suspended already."""
        with self._store.ledger() as ledger:
            _change(ledger, credential_id, status_lists.SUSPENSION, reason, now, raised=True)

    def reinstate(self, credential_id: str, *, reason: str, now: datetime) -> None:
        """End a suspension. Raises Conflict when there is none."""
        with self._store.ledger() as ledger:
            _change(ledger, credential_id, status_lists.SUSPENSION, reason, now, raised=False)

    def change_status(
        self, tenant: str, *, url: str, purpose: str, raised: bool, client: str, now: datetime
    ) -> None:
        """Set or unset the status of a credential of the tenant, named by its id.

        A revocation is for good. Raises Missing, Malformed for another purpose, Conflict for a
        status that is so already or that cannot be unset.
        """
        if purpose not in (status_lists.REVOCATION, status_lists.SUSPENSION):
            sentence = "The purpose is revocation or suspension."
            raise Malformed("status-purpose", sentence, place="/credentialStatus/statusPurpose")
        if purpose == status_lists.REVOCATION and not raised:
            raise Conflict("revoked", "A revocation is not taken back.", place="/status")
        with self._store.ledger() as ledger:
            row = ledger.credential_by_url(url)
            if row is None or row.tenant_id != tenant:
                raise Missing("credential", "There is no such credential.", place="/credentialId")
            reason = f"by the issuer's client {client}"
            _change(ledger, row.id, purpose, reason, now, raised=raised)

    def status_list(self, tenant: str, list_id: str, *, now: datetime) -> str:
        """A signed status list credential as JSON text. Raises Missing."""
        with self._store.ledger() as ledger:
            # Before the list, as whoever takes a place in it does: a new copy enters the log.
            ledger.hold(TenantRow, tenant)
            if ledger.get(StatusListRow, list_id).tenant_id != tenant:
                raise Missing("status-list", "There is no such status list.")
            return status_lists.published(
                ledger,
                list_id=list_id,
                addresses=Addresses(self._origin, tenant),
                signer=self._signer(tenant),
                now=now,
            )

    def signed(self, credential_id: str, *, now: datetime) -> str:
        """A signed credential as JSON text. Raises Missing."""
        with self._store.ledger() as ledger:
            text = ledger.get(CredentialRow, credential_id).signed
        return text if text is not None else self._sign(credential_id, now=now)

    def _award(self, ledger: Ledger, contribution: ContributionRow) -> documents.Award:
        if contribution.state != ContributionState.ACCEPTED:
            raise Conflict("contribution-state", f"The contribution is {contribution.state}.")
        activity = ledger.get(ActivityRow, contribution.activity_id)
        member = ledger.get(MemberRow, contribution.author_id)
        circle = ledger.get(CircleRow, activity.circle_id)
        achievement = ledger.get(AchievementRow, contribution.achievement_id)
        poll = panel_poll(contribution.id, contribution.revision)
        level = None
        if activity.level_ballot:
            level = ledger.get(DecisionRow, level_poll(activity.id), decisions.BALLOT)
        return documents.Award(
            tenant=ledger.get(TenantRow, circle.tenant_id),
            member=member,
            activity=activity,
            circle=circle,
            context=ledger.get(ContextRow, activity.context_id),
            achievement=achievement,
            rubric=roll.rubric_of(ledger, achievement.rubric_digest),
            contribution=contribution,
            evidence=ledger.evidence(contribution.id, contribution.revision),
            level_decision=level,
            panel_decision=decisions.standing(ledger, poll),
            endorsements=self._panels.endorsements(ledger, contribution),
        )

    def _record(
        self,
        ledger: Ledger,
        body: JsonObject,
        addresses: Addresses,
        credential_id: str,
        kind: str,
        now: datetime,
    ) -> CredentialRow:
        """The credential with its status entries, in the caller's transaction."""
        # First of all locks: two writers who find no list with room must not both open the next.
        ledger.hold(TenantRow, addresses.tenant)
        subject = listed(body.get("credentialSubject"))
        row = CredentialRow(
            id=credential_id,
            tenant_id=addresses.tenant,
            url=str(body["id"]),
            kind=kind,
            name=read_credential(body).name[:_LONGEST_NAME],
            subject=(identifier(subject[0]) if subject else None) or "",
            unsigned="",
            created_at=now,
        )
        ledger.add(row)
        entry = status_lists.take_entry(
            ledger, addresses=addresses, credential_id=credential_id, chance=self._chance
        )
        row.unsigned = _text({**body, "credentialStatus": entry})
        return row

    def _sign(self, credential_id: str, *, now: datetime) -> str:
        with self._store.ledger() as ledger:
            row = ledger.get(CredentialRow, credential_id)
            unsigned, created, tenant = row.unsigned, row.created_at, row.tenant_id
            if row.signed is not None:
                return row.signed
        while True:
            # Outside of any transaction: canonicalising takes milliseconds that nobody waits for.
            signer = self._signer(tenant)
            signed = issue(parse(unsigned, largest=LARGEST_RECORD), signer=signer, created=created)
            with self._store.ledger() as ledger:
                ledger.hold(TenantRow, tenant)
                row = ledger.hold(CredentialRow, credential_id)
                if row.signed is not None:
                    return row.signed
                # The key may have been laid down meanwhile: nothing of its enters the log then.
                if self._signer(tenant).verification_method == signer.verification_method:
                    row.signed = _text(signed)
                    log.append(ledger, tenant=tenant, document=signed, now=now)
                    return row.signed


def withdraw(ledger: Ledger, credential_id: str, *, reason: str, now: datetime) -> None:
    """Revoke a credential in the caller's transaction. Raises Conflict when it is revoked."""
    _change(ledger, credential_id, status_lists.REVOCATION, reason, now, raised=True)


def _change(
    ledger: Ledger, credential_id: str, purpose: str, reason: str, now: datetime, *, raised: bool
) -> None:
    ledger.get(CredentialRow, credential_id)
    status_lists.change(
        ledger, credential_id=credential_id, purpose=purpose, raised=raised, reason=reason, now=now
    )
    kind = purpose if raised else "reinstatement"
    ledger.log(kind, about=credential_id, at=now, reason=reason)


def _text(document: JsonObject) -> str:
    return json.dumps(document, ensure_ascii=False)
