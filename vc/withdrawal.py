"""Was a credential withdrawn? Its status read from a list that the same issuer signed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from vc import status
from vc.did import did_web_url
from vc.documents import JsonObject
from vc.errors import Malformed, Refused, Unavailable
from vc.fetch import Fetcher, document_in
from vc.lists_seen import ListsSeen
from vc.model import Credential, Outcome, Report, Step, Verdict, identifier, listed

# Verifies a status list credential by the path of any other, without looking for its own status.
VerifyList = Callable[[JsonObject], Report]

_NEWS: Final = "status-news"
REVOCATION_LIST: Final = "1EdTechRevocationList"
_ACCEPT: Final = "application/vc, application/json"
_REVOKED: Final = Step("status", Outcome.FAIL, "It was revoked by its issuer.", "revoked")
_SUSPENDED: Final = Step("status", Outcome.FAIL, "It is suspended by its issuer.", "suspended")
_WITHDRAWN: Final = {"revocation": _REVOKED, "suspension": _SUSPENDED}


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Whose status is looked up, and by what."""

    credential: Credential
    fetcher: Fetcher
    verify_list: VerifyList
    seen: ListsSeen | None


def check(
    credential: Credential,
    *,
    fetcher: Fetcher,
    verify_list: VerifyList,
    seen: ListsSeen | None = None,
) -> Step:
    """The step status: every entry is looked up, and the worst answer is the answer.

    A list that cannot be had, or that proves nothing, is never "not revoked".
    """
    entries = listed(credential.document.get("credentialStatus"))
    if not entries:
        return Step("status", Outcome.PASS, "Its issuer did not provide for withdrawing it.")
    lookup = _Lookup(credential, fetcher, verify_list, seen)
    found = [_look_up(source, lookup) for source in entries]
    for outcome in (Outcome.FAIL, Outcome.UNKNOWN):
        for step in found:
            if step.outcome is outcome:
                return step
    news = "".join(f" {step.sentence}" for step in found if step.code == _NEWS)
    return Step("status", Outcome.PASS, f"It has been neither revoked nor suspended.{news}")


def _look_up(source: JsonObject, lookup: _Lookup) -> Step:
    kinds = listed(source.get("type"))
    if REVOCATION_LIST in kinds:
        try:
            return _check_revocation_list(source, lookup)
        except Refused as error:
            code = "status-unreachable" if isinstance(error, Unavailable) else error.code
            sentence = f"Whether it was withdrawn could not be checked: {error.sentence}"
            return Step("status", Outcome.UNKNOWN, sentence, code)
    if "BitstringStatusListEntry" not in kinds:
        sentence = f"Its status is kept in a way not read here: {listed(source['type'])[0]}."
        return Step("status", Outcome.UNKNOWN, sentence[:120], "status-kind")
    try:
        entry = status.read_entry(source)
        value = _value(entry, lookup)
    except Refused as error:
        code = "status-unreachable" if isinstance(error, Unavailable) else error.code
        sentence = f"Whether it was withdrawn could not be checked: {error.sentence}"
        return Step("status", Outcome.UNKNOWN, sentence, code)
    message = entry.messages.get(hex(value), "")
    if entry.purpose == "message" and message:
        # News that the issuer attached, for a person to weigh: it withdraws nothing.
        sentence = f"Its issuer says of its status: {message[:200]}"
        return Step("status", Outcome.PASS, sentence, _NEWS)
    if not value:
        return Step("status", Outcome.PASS, f"The list of {entry.purpose}s does not name it.")
    if entry.purpose == "revocation" and entry.reference:
        return _revoked_or_suspended(entry, lookup)
    # A message or a refresh is news, not a withdrawal.
    news = f"Its issuer set the status {entry.purpose[:32]}."
    return _WITHDRAWN.get(entry.purpose, Step("status", Outcome.UNKNOWN, news, "status-set"))


def _revoked_or_suspended(entry: status.StatusEntry, lookup: _Lookup) -> Step:
    """A set bit withdraws the credential; the list referred to only says whether for good."""
    companion = replace(entry, list_url=entry.reference, purpose="suspension", reference="")
    try:
        suspended = bool(_value(companion, lookup))
    except Refused:
        suspended = False
    return _SUSPENDED if suspended else _REVOKED


def _value(entry: status.StatusEntry, lookup: _Lookup) -> int:
    """The entry's value, once the list's own proof, issuer, place and dates are known good."""
    credential = lookup.credential
    fetched = lookup.fetcher.get(entry.list_url, accept=_ACCEPT)
    report = lookup.verify_list(document_in(fetched))
    if report.verdict is not Verdict.VALID and (value := _against(entry, credential, report)):
        return value
    status_list = report.verified().credential
    if status_list.issuer_id != credential.issuer_id:
        raise Malformed("status-issuer", "The status list was signed by somebody else.")
    if status_list.id != entry.list_url:
        raise Malformed("status-list", "The status list names another address as its own.")
    if lookup.seen is not None:
        # Only now: a stranger's list under this address would else hide the issuer's own.
        lookup.seen.expect_newest(status_list.issuer_id, status_list.id, status_list.valid_from)
    bits = status.bits_for(status_list.subject, purpose=entry.purpose)
    return status.value_at(bits, entry.index, size=entry.size)


def _against(entry: status.StatusEntry, credential: Credential, report: Report) -> int:
    """What a list with a good signature says against the credential although more is in doubt.

    A list that is late, or whose key nothing binds to the issuer, clears nobody. But whoever
    signs both in one issuer's name with one key takes back what they said.
    """
    signature, listing = report.step("signature"), report.credential
    if signature is None or signature.outcome is not Outcome.PASS or listing is None:
        return 0
    if listing.issuer_id != credential.issuer_id or _methods(listing) != _methods(credential):
        return 0
    try:
        bits = status.bits_for(listing.subject, purpose=entry.purpose)
        return status.value_at(bits, entry.index, size=entry.size)
    except Malformed:
        return 0


def _methods(credential: Credential) -> set[str]:
    proofs = listed(credential.document.get("proof"))
    return {str(one.get("verificationMethod")) for one in proofs if isinstance(one, dict)}


def _check_revocation_list(source: JsonObject, lookup: _Lookup) -> Step:
    """A 1EdTechRevocationList: the ids that the issuer's own site lists (OB 3.0, appendix D)."""
    credential = lookup.credential
    url = source.get("id")
    if not isinstance(url, str) or _site(url) != _site(credential.issuer_id):
        sentence = "The list of revoked badges is not published where its issuer publishes."
        return Step("status", Outcome.UNKNOWN, sentence, "status-issuer")
    document = document_in(lookup.fetcher.get(url, accept=_ACCEPT))
    if identifier(document.get("issuer")) not in (None, credential.issuer_id):
        raise Malformed("status-issuer", "The list of revoked badges is somebody else's.")
    for entry in listed(document.get("revokedCredential")):
        named = identifier(entry)
        revoked = not isinstance(entry, dict) or entry.get("revoked", True) is not False
        if named == credential.id and revoked:
            return _REVOKED
    return Step("status", Outcome.PASS, "The list of revoked badges does not name it.")


def _site(identifier_: str) -> str:
    """The host of an https address, or of a did:web."""
    if identifier_.startswith("did:web:"):
        return urlsplit(did_web_url(identifier_)).netloc
    try:
        return urlsplit(identifier_).netloc if identifier_.startswith("https://") else ""
    except ValueError:
        return ""
