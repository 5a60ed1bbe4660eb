"""The issuer's documents and VC-API endpoint for programs, under /issuer."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

from flask import Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from accounts.guard import PROGRAM, allow
from issuer.awarding import Awarding
from issuer.ballot_requests import BallotRequests
from issuer.clients import Clients
from issuer.log import Log
from issuer.offers import Offers
from issuer.oid4vci import offer
from issuer.publishing import File, Publishing
from issuer.reading.quality import QualityRecord
from issuer.schemas import (
    IssueRequest,
    IssueResponse,
    Menu,
    OfferRequest,
    OfferResponse,
    QualityAnswer,
    QualityQuery,
    StatusRequest,
)
from keys.register import UNUSABLE
from openid4vc.exchange import OAuthError, read_form, text_of
from openid4vc.issuance.credential import bearer_token
from openid4vc.issuance.offer import offer_by_value
from openid4vc.issuance.token import NO_STORE
from vc.errors import NotAuthenticated, Refused, Unavailable

View = Callable[..., ResponseReturnValue]

_CREDENTIAL: Final = "application/vc+ld+json"
# Seconds that a copy may be kept: as long as a withdrawal, or a new entry, may stay unseen.
_STATUS_AGE: Final = 60
# Content under a digest never changes.
_DIGEST_AGE: Final = 31_536_000


def blueprint(
    *,
    publishing: Publishing,
    log: Log,
    quality: QualityRecord,
    awarding: Awarding,
    requests: BallotRequests,
    offers: Offers,
    origin: str,
    clients: Clients,
    now: Callable[[], datetime],
) -> Blueprint:
    """The blueprint; `clients` are the programs that may issue."""
    routes = Blueprint(
        "issuer_api", __name__, url_prefix="/issuer", description="Issue credentials."
    )
    _documents(routes, publishing, now)
    _log(routes, log)
    _quality(routes, quality)
    _ballots(routes, requests, now)

    def let_in(view: View) -> View:
        """Ask for the token before the body is read: strangers learn nothing of what it lacks."""

        @wraps(view)
        def for_a_client(*given: Any, tenant: str, **named: str) -> ResponseReturnValue:
            client = clients.let_in(tenant, _token())
            return view(*given, tenant=tenant, client=client, **named)

        return for_a_client

    @routes.post("/<tenant>/credentials/issue")
    @allow(PROGRAM)
    @let_in
    @routes.arguments(IssueRequest)
    @routes.alt_response(201, schema=IssueResponse, description="Issued.")
    def issue_credential(body: dict[str, Any], tenant: str, client: str) -> ResponseReturnValue:
        """Secure a credential that a client composed, in the name of this issuer.

        By a proof of eddsa-rdfc-2022, unless the options ask for another cryptosuite or a token.
        """
        signed = awarding.issue(
            tenant, body["credential"], wished=body["options"], client=client, now=now()
        )
        return jsonify({"verifiableCredential": signed}), 201

    @routes.get("/<tenant>/credentials/<path:credential_id>")
    @allow(PROGRAM)
    @let_in
    @routes.alt_response(200, schema=IssueResponse, description="Issued before.")
    def issued_credential(credential_id: str, tenant: str, client: str) -> ResponseReturnValue:
        """What the client had signed under this id, where the answer got lost on its way."""
        signed = publishing.issued(tenant, url=credential_id, client=client)
        return jsonify({"verifiableCredential": signed}), 200, dict(NO_STORE)

    @routes.post("/<tenant>/credentials/status")
    @allow(PROGRAM)
    @let_in
    @routes.arguments(StatusRequest)
    def change_status(body: dict[str, Any], tenant: str, client: str) -> ResponseReturnValue:
        """Set or unset the status of a credential of this issuer (VC-API 0.3, section 3.2.2)."""
        awarding.change_status(
            tenant,
            client=client,
            url=body["credentialId"],
            purpose=body["credentialStatus"]["statusPurpose"],
            raised=body["status"],
            now=now(),
        )
        return jsonify({}), 200

    @routes.post("/<tenant>/offers")
    @allow(PROGRAM)
    @let_in
    @routes.arguments(OfferRequest)
    @routes.alt_response(201, schema=OfferResponse, description="Offered.")
    def offer_credential(body: dict[str, Any], tenant: str, client: str) -> ResponseReturnValue:
        """Offer a credential that was issued here to its holder."""
        del client
        made = offers.offer_signed(tenant, url=body["credentialId"], now=now())
        uri = offer_by_value(offer(made, origin=origin))
        return jsonify({"credential_offer_uri": uri}), 201, dict(NO_STORE)

    return routes


def _documents(routes: Blueprint, publishing: Publishing, now: Callable[[], datetime]) -> None:
    @routes.get("/<tenant>/did.json")
    @allow(PROGRAM)
    def did_document(tenant: str) -> Response:
        """The issuer's DID document."""
        answer = jsonify(publishing.did_document(tenant))
        answer.mimetype = "application/did+json"
        return answer

    @routes.get("/<tenant>/keys.json")
    @allow(PROGRAM)
    def key_history(tenant: str) -> Response:
        """Since when and until when each key of the issuer could be believed, signed."""
        return _briefly_kept(jsonify(publishing.key_history(tenant, now=now())))

    @routes.get("/<tenant>/status/<list_id>")
    @allow(PROGRAM)
    def status_list(tenant: str, list_id: str) -> Response:
        """A signed Bitstring Status List credential."""
        answer = make_response(publishing.status_list(tenant, list_id, now=now()))
        answer.mimetype = _CREDENTIAL
        return _briefly_kept(answer)

    @routes.get("/<tenant>/achievements")
    @allow(PROGRAM)
    @routes.response(200, Menu)
    def menu(tenant: str) -> dict[str, Any]:
        """Every badge that can be earned."""
        return {"achievements": publishing.menu(tenant)}

    @routes.get("/<tenant>/rules/<digest>")
    @allow(PROGRAM)
    def rule(tenant: str, digest: str) -> Response:
        """A policy or rubric by its digest, byte for byte."""
        del tenant
        return _file(publishing.rule(digest))

    @routes.get("/<tenant>/evidence/<digest>")
    @allow(PROGRAM)
    def evidence(tenant: str, digest: str) -> Response:
        """Evidence by its digest, byte for byte."""
        del tenant
        return _file(publishing.evidence(digest))


def _log(routes: Blueprint, log: Log) -> None:
    """The log for whoever watches it: an auditor keeps checkpoints and asks how it grew."""

    @routes.get("/<tenant>/log/checkpoint")
    @allow(PROGRAM)
    def log_checkpoint(tenant: str) -> Response:
        """The log's size and root, as a signed note (C2SP tlog-checkpoint)."""
        answer = make_response(log.checkpoint(tenant))
        answer.mimetype = "text/plain"
        return _briefly_kept(answer)

    @routes.get("/<tenant>/log/entries/<leaf>")
    @allow(PROGRAM)
    def log_entry(tenant: str, leaf: str) -> Response:
        """The proof that a document with this leaf hash (hex) is in the log."""
        return _briefly_kept(jsonify(log.inclusion(tenant, leaf)))

    @routes.get("/<tenant>/log/before/<int:size>/<leaf>")
    @allow(PROGRAM)
    def log_before(tenant: str, size: int, leaf: str) -> Response:
        """Whether a document was among the first entries, up to a size that the log once had."""
        return _briefly_kept(jsonify(log.among(tenant, leaf, size=size)))

    @routes.get("/<tenant>/log/growth/<int:old_size>")
    @allow(PROGRAM)
    def log_growth(tenant: str, old_size: int) -> Response:
        """The proof that the log only grew since it had so many entries."""
        return _briefly_kept(jsonify(log.growth(tenant, old_size=old_size)))


def _quality(routes: Blueprint, quality: QualityRecord) -> None:
    """What audits found, for whoever relies on a badge."""

    @routes.get("/<tenant>/quality")
    @allow(PROGRAM)
    @routes.arguments(QualityQuery, location="query")
    @routes.response(200, QualityAnswer)
    def quality_of(query: dict[str, str], tenant: str) -> dict[str, Any]:
        """Who had the last word on a badge, and what the audit of decisions found.

        Which badges wait in a sample is not told.
        """
        return quality.of(tenant, query["credential"])


def _ballots(routes: Blueprint, requests: BallotRequests, now: Callable[[], datetime]) -> None:
    """The exchange with a judge's wallet. The address is the secret that the judge was given."""

    @routes.get("/<tenant>/ballots/<token>")
    @allow(PROGRAM)
    def ballot(tenant: str, token: str) -> ResponseReturnValue:
        """A filled-in ballot, for the judge's wallet to sign."""
        del tenant
        return jsonify(requests.look(token, now=now())), dict(NO_STORE)

    @routes.post("/<tenant>/ballots/<token>")
    @allow(PROGRAM)
    def cast(tenant: str, token: str) -> ResponseReturnValue:
        """The ballot, signed."""
        del tenant
        try:
            jws = text_of(read_form(request.get_data()), "ballot")
            onward = requests.cast(token, jws=jws, now=now())
        except Refused as error:
            if isinstance(error, Unavailable) or error.code == UNUSABLE:
                raise
            refusal = OAuthError(error.code.replace("-", "_"), error.sentence)
            return jsonify(refusal.document()), 400, dict(NO_STORE)
        return jsonify({"redirect_uri": onward}), dict(NO_STORE)


def _token() -> str:
    """The token that the request carries. Raises NotAuthenticated."""
    try:
        return bearer_token(request.headers.get("Authorization"))
    except OAuthError as error:
        raise NotAuthenticated(error.code, error.sentence) from error


def _briefly_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={_STATUS_AGE}"
    return answer


def _file(file: File) -> Response:
    """Handed out to be kept, never to be shown: what members hand in is not our page."""
    answer = make_response(file.content)
    answer.mimetype = "text/plain" if file.media_type.startswith("text/") else file.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = f"public, max-age={_DIGEST_AGE}, immutable"
    return answer
