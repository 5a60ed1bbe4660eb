"""Filled-in ballots on their way to the judge's wallet, and back with a signature.

A judge answers on the issuer's page, but the key is in the wallet. The claims wait under an
address that only the judge is told, sealed; the wallet shows them, signs, and posts the ballot
back. The exchange follows OpenID4VP's direct_post.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from issuer import box, level
from issuer.addresses import Addresses
from issuer.chance import Secrets
from issuer.panels import PanelBallots
from issuer.peers.ballots import (
    Answer,
    Mark,
    level_claims,
    panel_claims,
    read_level_ballot,
    read_panel_ballot,
)
from issuer.store import Ledger, Store
from issuer.tables.community import CircleRow, MemberRow
from issuer.tables.judging import ActivityRow, BallotRequestRow
from keys.sealing import Seal
from vc.documents import JsonObject, parse
from vc.errors import Forbidden, Gone, Malformed
from vc.jcs import canonical_json
from vc.proofs.configuration import unsecured

LIFETIME: Final = timedelta(minutes=15)
_LEVEL: Final = "level"
_PANEL: Final = "panel"


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a ballot is cast on: an activity, or a contribution to it."""

    kind: str
    target: str
    title: str
    activity_id: str
    tenant: str


class BallotRequests:
    """Lays out what a wallet is to sign, and takes the signed ballot. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        panels: PanelBallots,
        seal: Seal,
        secrets: Secrets,
        origin: str,
    ) -> None:
        self._store = store
        self._panels = panels
        self._seal = seal
        self._secrets = secrets
        self._origin = origin

    def prepare_level(
        self,
        *,
        activity_id: str,
        person_id: str,
        answers: Mapping[str, Answer],
        verdict: Answer,
        now: datetime,
    ) -> str:
        """Lay out a level ballot; the address for the wallet is the result.

        Raises Forbidden for who may not judge, Malformed for answers that do not fit together.
        """
        with self._store.ledger() as ledger:
            paper = level.paper_of(ledger, activity_id, person_id)
            judge = _did(ledger.get(MemberRow, person_id))
            claims = level_claims(paper, judge=judge, answers=answers, verdict=verdict)
            read_level_ballot(canonical_json(claims), expected=paper)
            activity = ledger.get(ActivityRow, activity_id)
            about = _About(
                kind=_LEVEL,
                target=activity_id,
                title=activity.title,
                activity_id=activity_id,
                tenant=ledger.get(CircleRow, activity.circle_id).tenant_id,
            )
            return self._lay_out(ledger, about, claims, now)

    def prepare_panel(
        self,
        *,
        contribution_id: str,
        judge_id: str,
        marks: Sequence[Mark],
        verdict: Answer,
        feedback: str,
        now: datetime,
        comment: str = "",
    ) -> str:
        """Lay out a panel ballot, beside a yes with the endorsement; the address is the result.

        The comment is published in the endorsement, in place of a plain sentence. Raises
        Forbidden for who does not sit, Malformed for answers that do not fit together.
        """
        with self._store.ledger() as ledger:
            judge = ledger.get(MemberRow, judge_id)
            matter = self._panels.before(ledger, judge, contribution_id)
            draft = _commented(matter.endorsement_by(judge, at=now), comment)
            claims = panel_claims(
                matter.paper,
                judge=_did(judge),
                marks=marks,
                verdict=verdict,
                feedback=feedback,
                endorsement=draft if verdict is Answer.YES else None,
            )
            read_panel_ballot(canonical_json(claims), expected=matter.paper)
            about = _About(
                kind=_PANEL,
                target=contribution_id,
                title=matter.achievement.name,
                activity_id=matter.activity.id,
                tenant=matter.addresses.tenant,
            )
            return self._lay_out(ledger, about, claims, now)

    def look(self, token: str, *, now: datetime) -> JsonObject:
        """What the wallet shows and signs: title, claims and response_uri. Raises Gone."""
        with self._store.ledger() as ledger:
            request = _waiting(ledger, token, now)
            return {
                "title": request.title,
                "claims": self._claims(request),
                "response_uri": self._url(request.tenant_id, token),
            }

    def cast(self, token: str, *, jws: str, now: datetime) -> str:
        """Take the signed ballot; where the browser goes on is the result.

        Raises Gone, and what casting raises.
        """
        with self._store.ledger() as ledger:
            request = _waiting(ledger, token, now)
            signed = box.verified(ledger, jws)
            _expect_laid_out(signed.payload, self._claims(request))
            if request.kind == _LEVEL:
                level.drop(ledger, signed, request.target, now=now)
            else:
                self._panels.drop(ledger, signed, request.target, now=now)
            ledger.discard_request(request.id)
        return Addresses(self._origin, request.tenant_id).activity(request.activity_id)

    def _lay_out(self, ledger: Ledger, about: _About, claims: JsonObject, now: datetime) -> str:
        ledger.forget_requests(now=now)
        token = self._secrets.token()
        digest = _digest(token)
        ledger.add(
            BallotRequestRow(
                id=digest,
                tenant_id=about.tenant,
                kind=about.kind,
                target=about.target,
                activity_id=about.activity_id,
                title=about.title,
                sealed_claims=self._seal.seal(canonical_json(claims), purpose=_purpose(digest)),
                expires_at=now + LIFETIME,
            )
        )
        return self._url(about.tenant, token)

    def _claims(self, request: BallotRequestRow) -> JsonObject:
        return parse(self._seal.open(request.sealed_claims, purpose=_purpose(request.id)))

    def _url(self, tenant: str, token: str) -> str:
        return f"{Addresses(self._origin, tenant).credential_issuer}/ballots/{token}"


def _waiting(ledger: Ledger, token: str, now: datetime) -> BallotRequestRow:
    request = ledger.find(BallotRequestRow, _digest(token))
    if request is None or request.expires_at <= now:
        raise Gone("ballot-request", "This ballot was cast already, or its time is over.")
    return request


def _did(member: MemberRow) -> str:
    if member.did is None:
        raise Forbidden("no-wallet", "Fetch your membership card into a wallet first.")
    return member.did


def _expect_laid_out(payload: bytes, claims: JsonObject) -> None:
    """Raise Malformed unless this very ballot was laid out here, by the judge whose it is.

    A ballot that a judge was talked into signing elsewhere is not cast at another's address.
    """
    signed = parse(payload)
    endorsement = signed.get("endorsement")
    if isinstance(endorsement, dict):
        signed = {**signed, "endorsement": unsecured(endorsement)}
    if signed != claims:
        raise Malformed("ballot", "This is not the ballot that was laid out at this address.")


def _commented(endorsement: JsonObject, comment: str) -> JsonObject:
    if not comment.strip():
        return endorsement
    subject = {**endorsement["credentialSubject"], "endorsementComment": comment.strip()}
    return {**endorsement, "credentialSubject": subject}


def _purpose(digest: str) -> str:
    return f"ballot request {digest}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
