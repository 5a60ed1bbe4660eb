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

from issuer.addresses import Addresses
from issuer.chance import Secrets
from issuer.level import LevelBallots, paper_of
from issuer.panels import PanelBallots
from issuer.peers.ballots import (
    JWS_TYPE,
    Answer,
    Mark,
    level_claims,
    panel_claims,
    read_level_ballot,
    read_panel_ballot,
)
from issuer.store import Ledger, Store
from issuer.tables.community import AchievementRow, CircleRow, MemberRow
from issuer.tables.judging import ActivityRow, BallotRequestRow, ContributionRow
from keys.sealing import Seal
from vc.documents import JsonObject, parse
from vc.errors import Forbidden, Gone, Malformed
from vc.jcs import canonical_json
from vc.jose import by_did_key, verify_compact
from vc.proofs.configuration import unsecured

LIFETIME: Final = timedelta(minutes=15)
_LEVEL: Final = "level"
_PANEL: Final = "panel"


@dataclass(frozen=True, slots=True)
class _About:
    """What a ballot is cast on: an activity, or a contribution to it."""

    kind: str
    target: str
    title: str
    activity: ActivityRow


class BallotRequests:
    """Lays out what a wallet is to sign, and takes the signed ballot. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        level: LevelBallots,
        panels: PanelBallots,
        seal: Seal,
        secrets: Secrets,
        origin: str,
    ) -> None:
        self._store = store
        self._level = level
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
            paper = paper_of(ledger, activity_id, person_id)
            judge = _did(ledger, person_id)
            claims = level_claims(paper, judge=judge, answers=answers, verdict=verdict)
            read_level_ballot(canonical_json(claims), expected=paper)
            activity = ledger.get(ActivityRow, activity_id)
            about = _About(_LEVEL, activity_id, activity.title, activity)
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
            given = self._panels.paper_of(ledger, contribution_id, judge_id, now=now)
            draft = _commented(given.endorsement, comment) if verdict is Answer.YES else None
            claims = panel_claims(
                given.paper,
                judge=given.endorsement["issuer"]["id"],
                marks=marks,
                verdict=verdict,
                feedback=feedback,
                endorsement=draft,
            )
            read_panel_ballot(canonical_json(claims), expected=given.paper)
            contribution = ledger.get(ContributionRow, contribution_id)
            activity = ledger.get(ActivityRow, contribution.activity_id)
            title = ledger.get(AchievementRow, contribution.achievement_id).name
            about = _About(_PANEL, contribution_id, title, activity)
            return self._lay_out(ledger, about, claims, now)

    def look(self, token: str, *, now: datetime) -> JsonObject:
        """What the wallet shows and signs: title, claims and response_uri. Raises Gone."""
        with self._store.ledger() as ledger:
            request = ledger.find(BallotRequestRow, _digest(token))
            if request is None or request.expires_at <= now:
                raise Gone("ballot-request", "This ballot was cast already, or its time is over.")
            claims = self._seal.open(request.sealed_claims, purpose=_purpose(request.id))
            return {
                "title": request.title,
                "claims": parse(claims),
                "response_uri": self._url(request.tenant_id, token),
            }

    def cast(self, token: str, *, jws: str, now: datetime) -> str:
        """Take the signed ballot; where the browser goes on is the result.

        Raises Gone, and what casting raises.
        """
        with self._store.ledger() as ledger:
            request = ledger.find(BallotRequestRow, _digest(token))
            if request is None or request.expires_at <= now:
                raise Gone("ballot-request", "This ballot was cast already, or its time is over.")
        _expect_laid_out(jws, self._seal.open(request.sealed_claims, purpose=_purpose(request.id)))
        if request.kind == _LEVEL:
            self._level.cast(activity_id=request.target, jws=jws, now=now)
        else:
            self._panels.cast(contribution_id=request.target, jws=jws, now=now)
        with self._store.ledger() as ledger:
            ledger.discard_request(request.id)
        return Addresses(self._origin, request.tenant_id).activity(request.activity_id)

    def _lay_out(self, ledger: Ledger, about: _About, claims: JsonObject, now: datetime) -> str:
        ledger.forget_requests(now=now)
        token = self._secrets.token()
        digest = _digest(token)
        tenant = ledger.get(CircleRow, about.activity.circle_id).tenant_id
        ledger.add(
            BallotRequestRow(
                id=digest,
                tenant_id=tenant,
                kind=about.kind,
                target=about.target,
                activity_id=about.activity.id,
                title=about.title,
                sealed_claims=self._seal.seal(canonical_json(claims), purpose=_purpose(digest)),
                expires_at=now + LIFETIME,
            )
        )
        return self._url(tenant, token)

    def _url(self, tenant: str, token: str) -> str:
        return f"{Addresses(self._origin, tenant).credential_issuer}/ballots/{token}"


def _did(ledger: Ledger, person_id: str) -> str:
    did = ledger.get(MemberRow, person_id).did
    if did is None:
        raise Forbidden("no-wallet", "Fetch your membership card into a wallet first.")
    return did


def _expect_laid_out(jws: str, claims: bytes) -> None:
    """Raise Malformed unless this very ballot was laid out here, by the judge whose it is.

    A ballot that a judge was talked into signing elsewhere is not cast at another's address.
    """
    signed = verify_compact(
        jws, allowed_algorithms={"EdDSA"}, public_key=by_did_key, expected_type=JWS_TYPE
    ).claims()
    endorsement = signed.get("endorsement")
    if isinstance(endorsement, dict):
        signed = {**signed, "endorsement": unsecured(endorsement)}
    if signed != parse(claims):
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
