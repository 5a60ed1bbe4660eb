"""Authorization responses by direct_post (OpenID4VP 1.0, section 8): made, read and checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from openid4vc.exchange import OAuthError, read_form, write_form
from openid4vc.presentation.query import CredentialQuery, Query
from vc.documents import JsonObject, parse
from vc.errors import Malformed
from vc.fetch import Fetcher
from vc.model import Outcome, Report, Verdict
from vc.presentation import LARGEST, verify_presentation

MOST_NODES: Final = 400_000  # values in one vp_token: 200 badges of 2,000

# What makes a credential not the issuer's; dates and status may change and are the caller's to
# weigh: a revoked badge in an application is a fact about it, not an attack.
_AUTHENTICITY: Final = frozenset({"structure", "issuer", "key", "signature"})


@dataclass(frozen=True, slots=True)
class Response:
    """A response as received, by the id of each part of the query. Nothing is proven yet."""

    state: str
    presentations: Mapping[str, tuple[JsonObject, ...]]


@dataclass(frozen=True, slots=True)
class Presented:
    """One credential that the holder presented for one part of the query, with its report."""

    query_id: str
    holder: str
    report: Report


def response_form(presentations: Mapping[str, Sequence[JsonObject]], *, state: str) -> bytes:
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
    """A response parsed. Raises OAuthError: `access_denied` and its like when the wallet says so.

    The caller finds its own record of the request by `state`, once: an answer to no open request
    is a replay.
    """
    fields = read_form(body)
    if "error" in fields:
        raise OAuthError("access_denied", "The holder's wallet did not answer the request.")
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
) -> tuple[Presented, ...]:
    """The credentials of one holder that answer `query`. Raises OAuthError `invalid_request`.

    Not part of it: that the request was open (see read_response), whether a credential has been
    revoked (its report says so), and whether its issuer is one to trust.
    """
    # (1) The state of this request, (2) each part answered and nothing else.
    if response.state != expected_state:
        raise _refused("The response belongs to another request.")
    if set(response.presentations) != {part.id for part in query.credentials}:
        raise _refused("The response does not answer each part of the request.")
    presented: list[Presented] = []
    for part in query.credentials:
        for document in response.presentations[part.id]:
            # (3) Each presentation: made now, for us, by the holder of its credentials.
            report = verify_presentation(
                document,
                now=now,
                fetcher=fetcher,
                expected_challenge=expected_nonce,
                expected_domain=expected_client_id,
            )
            if report.verdict is not Verdict.VALID:
                against = next(s for s in report.steps if s.outcome is not Outcome.PASS)
                raise _refused(against.sentence)
            # (4) Each credential: authentic, and of the kind that was asked for.
            for credential in report.credentials:
                _check_credential(credential, part)
                presented.append(Presented(part.id, report.holder, credential))
    _check_whole(presented, query)
    return tuple(presented)


def _check_credential(report: Report, part: CredentialQuery) -> None:
    for step in report.steps:
        if step.name in _AUTHENTICITY and step.outcome is Outcome.FAIL:
            raise _refused(step.sentence)
    if report.credential is None or not part.matches(report.credential.document):
        raise _refused("A credential is not of the kind that was asked for.")


def _check_whole(presented: Sequence[Presented], query: Query) -> None:
    # (5) One holder, and as many credentials as each part of the query takes.
    if len({entry.holder for entry in presented}) > 1:
        raise _refused("The credentials were presented by more than one holder.")
    for part in query.credentials:
        count = sum(entry.query_id == part.id for entry in presented)
        if count == 0 or (count > 1 and not part.multiple):
            raise _refused("The response has too few or too many credentials.")


def _entries(entries: Any) -> tuple[JsonObject, ...]:
    if not isinstance(entries, list) or not entries:
        raise _refused("A part of the vp_token is not a list of presentations.")
    if not all(isinstance(entry, dict) for entry in entries):
        raise _refused("A presentation in the vp_token is not an object.")
    return tuple(entries)


def _refused(sentence: str) -> OAuthError:
    return OAuthError("invalid_request", sentence)
