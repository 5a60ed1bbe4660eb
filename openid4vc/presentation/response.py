"""Authorization responses by direct_post (OpenID4VP 1.0, section 8): made, read and checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from openid4vc.exchange import OAuthError, read_form, write_form
from openid4vc.presentation.query import EMBEDDED, CredentialQuery, Query
from openid4vc.presentation.tokens import credentials_in, verify_token_presentation
from vc.documents import JsonObject, parse
from vc.effort import bounded, for_many
from vc.errors import Malformed
from vc.fetch import Bounded, Fetcher, ReadOnce
from vc.model import Outcome, Report, Verdict, listed
from vc.presentation import LARGEST, PresentationReport, verify_presentation
from vc.verify import MOST_DOCUMENTS

MOST_NODES: Final = 400_000  # values in one vp_token: 200 badges of 2,000
MOST_CREDENTIALS: Final = 200  # in one response; each is verified while the wallet waits

# What makes a credential not the issuer's; dates and status may change and are the caller's to
# weigh: a revoked badge in an application is a fact about it, not an attack.
_AUTHENTICITY: Final = frozenset({"structure", "issuer", "key", "signature"})

# A presentation as it travels: JSON with its proof inside, or a compact JWS.
Presentation = JsonObject | str


class Declined(OAuthError):
    """The holder, or the holder's wallet, did not agree; `state` is that of the request."""

    def __init__(self, state: str) -> None:
        super().__init__("access_denied", "The holder's wallet did not answer the request.")
        self.state = state


@dataclass(frozen=True, slots=True)
class Response:
    """A response as received, by the id of each part of the query. Nothing is proven yet."""

    state: str
    presentations: Mapping[str, tuple[Presentation, ...]]


@dataclass(frozen=True, slots=True)
class Presented:
    """One credential that the holder presented for one part of the query, with its report.

    `signed` is the credential as it was presented: JSON, or a compact JWS.
    """

    query_id: str
    holder: str
    report: Report
    signed: JsonObject | str


def response_form(presentations: Mapping[str, Sequence[Presentation]], *, state: str) -> bytes:
    """The form to post to the response_uri."""
    token = json.dumps(
        {query_id: list(entries) for query_id, entries in presentations.items()},
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return write_form({"vp_token": token, "state": state})


def refusal_form(*, state: str) -> bytes:
    """The form that says that the holder did not agree (section 8.5)."""
    return write_form({"error": "access_denied", "state": state})


def read_response(body: bytes) -> Response:
    """A response parsed. Raises Declined when the wallet says so, else OAuthError.

    The caller finds its own record of the request by `state`, once: an answer to no open request
    is a replay.
    """
    fields = read_form(body)
    if "error" in fields:
        raise Declined(fields.get("state", ""))
    try:
        token = parse(fields.get("vp_token", ""), largest=LARGEST, most_nodes=MOST_NODES)
    except Malformed as error:
        raise OAuthError("invalid_request", f"The vp_token: {error.sentence}") from error
    presentations = {query_id: _entries(entries) for query_id, entries in token.items()}
    return Response(fields.get("state", ""), presentations)


def check_response(
    response: Response,
    *,
    expected_state: str,
    expected_nonce: str,
    expected_client_id: str,
    query: Query,
    now: datetime,
    fetcher: Fetcher,
    most: int = MOST_CREDENTIALS,
) -> tuple[Presented, ...]:
    """The credentials of one holder that answer `query`, at most `most` of them.

    Raises OAuthError `invalid_request`. Not part of it: that the request was open (see
    read_response), whether a credential has been revoked (its report says so), and whether its
    issuer is one to trust.
    """
    # (1) The state of this request, (2) one way of answering it and nothing else.
    if response.state != expected_state:
        raise _refused("The response belongs to another request.")
    if frozenset(response.presentations) not in query.ways:
        raise _refused("The response does not answer each part of the request.")
    answered = [part for part in query.credentials if part.id in response.presentations]
    _check_size(response, answered, most)
    # A stranger's badges by the dozen send nobody to thousands of addresses.
    once = ReadOnce(Bounded(fetcher, most=MOST_DOCUMENTS))
    presented: list[Presented] = []
    # Nor do presentations by the dozen have the effort of one each.
    with bounded(for_many()):
        for part in answered:
            for presentation in response.presentations[part.id]:
                # (3) Each presentation: made now, for us, by the holder of its credentials.
                report = _verified(presentation, expected_nonce, expected_client_id, now, once)
                if report.verdict is not Verdict.VALID:
                    against = next(s for s in report.steps if s.outcome is not Outcome.PASS)
                    raise _refused(against.sentence)
                # (4) Each credential: authentic, and of the kind that was asked for.
                signed = _credentials(presentation)
                for credential, source in zip(report.credentials, signed, strict=True):
                    _check_credential(credential, part)
                    presented.append(Presented(part.id, report.holder, credential, source))
    _check_whole(presented, answered)
    return tuple(presented)


def _check_size(response: Response, answered: Sequence[CredentialQuery], most: int) -> None:
    """Refuse crowds, and presentations of another format than each part asks, unverified."""
    count = 0
    for part in answered:
        for presentation in response.presentations[part.id]:
            if isinstance(presentation, dict) is not (part.format == EMBEDDED):
                raise _refused(f"The part {part.id} asks for presentations of {part.format}.")
            count += len(_credentials(presentation))
    if count > most:
        raise _refused(f"The response has {count} credentials, and {most} are taken.")


def _credentials(presentation: Presentation) -> list[Any]:
    """The credentials in a presentation, as they stand there."""
    if isinstance(presentation, dict):
        return listed(presentation.get("verifiableCredential"))
    try:
        return [*credentials_in(presentation)]
    except Malformed as error:
        raise _refused(error.sentence) from error


def _verified(
    presentation: Presentation, nonce: str, client_id: str, now: datetime, fetcher: Fetcher
) -> PresentationReport:
    if isinstance(presentation, str):
        return verify_token_presentation(
            presentation,
            now=now,
            fetcher=fetcher,
            expected_nonce=nonce,
            expected_client_id=client_id,
        )
    return verify_presentation(
        presentation,
        now=now,
        fetcher=fetcher,
        expected_challenge=nonce,
        expected_domain=client_id,
    )


def _check_credential(report: Report, part: CredentialQuery) -> None:
    for step in report.steps:
        # The request says which suites are read; a signature that is not was not asked for.
        unread = step.name == "signature" and step.outcome is Outcome.UNKNOWN
        if unread or (step.name in _AUTHENTICITY and step.outcome is Outcome.FAIL):
            raise _refused(step.sentence)
    if report.credential is None:
        raise _refused(report.steps[0].sentence)
    if not part.matches(report.credential.document):
        raise _refused("A credential is not of the kind that was asked for.")


def _check_whole(presented: Sequence[Presented], answered: Sequence[CredentialQuery]) -> None:
    # (5) One holder, and as many credentials as each part of the query takes.
    if len({entry.holder for entry in presented}) > 1:
        raise _refused("The credentials were presented by more than one holder.")
    for part in answered:
        count = sum(entry.query_id == part.id for entry in presented)
        if count == 0 or (count > 1 and not part.multiple):
            raise _refused("The response has too few or too many credentials.")


def _entries(entries: Any) -> tuple[Presentation, ...]:
    if not isinstance(entries, list) or not entries:
        raise _refused("A part of the vp_token is not a list of presentations.")
    if not all(isinstance(entry, dict | str) for entry in entries):
        raise _refused("A presentation in the vp_token is neither an object nor a token.")
    return tuple(entries)


def _refused(sentence: str) -> OAuthError:
    return OAuthError("invalid_request", sentence)
