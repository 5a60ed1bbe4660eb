"""Verifiable presentations: a holder shows credentials to one verifier, once.

The proof is eddsa-jcs-2022: it signs the JSON as it stands, so that twenty badges need not be
canonicalised a second time; each badge keeps its own proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vc import ed25519
from vc.documents import JsonObject, parse
from vc.effort import Exhausted, bounded, for_many
from vc.errors import Malformed
from vc.fetch import Bounded, Fetcher, ReadOnce
from vc.model import Outcome, Report, Step, Verdict, identifier, listed, verdict
from vc.proofs import eddsa_jcs_2022, vp_jwt
from vc.proving import check_proofs
from vc.received import LARGEST_PRESENTATION, receive_presentation
from vc.structure import CREDENTIALS_V2, check_contexts, is_url
from vc.verify import MOST_DOCUMENTS, verify

LARGEST: Final = LARGEST_PRESENTATION  # bytes
MOST_CREDENTIALS: Final = 256  # in one presentation; each costs a millisecond or more


@dataclass(frozen=True, slots=True)
class PresentationReport:
    """Who presented, the steps about the presentation itself, and a report per credential."""

    holder: str
    steps: tuple[Step, ...]
    credentials: tuple[Report, ...]

    @property
    def verdict(self) -> Verdict:
        """What the presentation's own steps amount to; each credential has its own verdict."""
        return verdict(self.steps)


def present(
    credentials: Sequence[JsonObject],
    *,
    holder: str,
    signer: ed25519.Signer,
    created: datetime,
    challenge: str,
    domain: str,
) -> JsonObject:
    """A presentation of `credentials` by `holder`, good for one `challenge` of one `domain`."""
    presentation: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": list(credentials),
    }
    return eddsa_jcs_2022.sign(
        presentation,
        signer=signer,
        created=created,
        purpose="authentication",
        challenge=challenge,
        domain=domain,
    )


def verify_presentation(
    source: bytes | str | JsonObject,
    *,
    now: datetime,
    fetcher: Fetcher,
    expected_challenge: str,
    expected_domain: str,
) -> PresentationReport:
    """Check that a holder made this presentation for us, now, of credentials about themself.

    Not part of it: whether the challenge was used before. The caller keeps challenges and
    accepts each once.
    """
    with bounded(for_many()):
        return _verified(source, now, fetcher, expected_challenge, expected_domain)


def _verified(
    source: bytes | str | JsonObject, now: datetime, fetcher: Fetcher, challenge: str, domain: str
) -> PresentationReport:
    # (1) Structure.
    try:
        document = source if isinstance(source, dict) else parse(source, largest=LARGEST)
        holder = _holder(document)
        credentials = _credentials(document)
    except Malformed as error:
        step = Step("structure", Outcome.FAIL, str(error), error.code)
        return PresentationReport("", (step,), ())
    # (2) Made for this request, (3) signed by the holder's authentication key.
    steps = [
        _check_request(document, challenge, domain),
        *_check_proofs(document, holder, fetcher),
    ]
    if verdict(tuple(steps)) is not Verdict.VALID:
        return PresentationReport(holder, tuple(steps), ())
    # (4) Each credential, by the same path as anywhere, and (5) about the one who presents it.
    reports = tuple(verify(credential, now=now, fetcher=fetcher) for credential in credentials)
    steps.append(check_holder(holder, reports))
    return PresentationReport(holder, tuple(steps), reports)


def examine_presentation(
    source: bytes | str | JsonObject,
    *,
    now: datetime,
    fetcher: Fetcher,
    challenge: str | None,
    domain: str | None,
    may_be_unsigned: bool = False,
) -> PresentationReport:
    """Check a presentation for somebody who only asks whether it is sound (VC-API 0.3, 3.4).

    Not part of it: who presents. It may be about others than its holder, and unsigned unless the
    caller names a challenge or domain, which only a signature can answer; with `may_be_unsigned`
    even then. Whoever lets people in by what they present calls verify_presentation.
    """
    try:
        received = receive_presentation(source)
        document = received.document
        _check_form(document)
        holder = identifier(document.get("holder")) or ""
        credentials = _credentials(document)
    except Malformed as error:
        step = Step("structure", Outcome.FAIL, str(error), error.code)
        return PresentationReport("", (step,), ())
    # A stranger's presentation of hundreds sends nobody to thousands of addresses.
    once = ReadOnce(Bounded(fetcher, most=MOST_DOCUMENTS))
    steps = [Step("structure", Outcome.PASS, "It has the form of a verifiable presentation.")]
    with bounded(for_many()):
        if received.token:
            steps += vp_jwt.check_token(
                received.token, holder=holder, challenge=challenge, domain=domain, fetcher=once
            )
        elif "proof" in document:
            steps += _check_made_for(document, challenge, domain)
            steps += _check_proofs(document, holder or _signer(document), once)
        else:
            asked = challenge is not None or domain is not None
            steps.append(_unsigned(refused=asked and not may_be_unsigned))
        if verdict(tuple(steps)) is Verdict.INVALID:
            return PresentationReport(holder, tuple(steps), ())
        reports = tuple(verify(credential, now=now, fetcher=once) for credential in credentials)
    return PresentationReport(holder, tuple(steps), reports)


def _check_proofs(document: JsonObject, holder: str, fetcher: Fetcher) -> list[Step]:
    try:
        return check_proofs(document, controller=holder, purpose="authentication", fetcher=fetcher)
    except Exhausted as error:
        return [error.step()]


def _unsigned(*, refused: bool) -> Step:
    if refused:
        sentence = "It is not signed, so it answers no challenge and is made for no domain."
        return Step("request", Outcome.FAIL, sentence, "presentation-unsigned")
    return Step("request", Outcome.PASS, "It is not signed: who presents it is not proven.")


def _signer(document: JsonObject) -> str:
    """Whose key made the first proof: the holder, where the presentation names none."""
    proofs = listed(document.get("proof"))
    proof = proofs[0] if proofs else None
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    return method.partition("#")[0] if isinstance(method, str) else ""


def _check_made_for(document: JsonObject, challenge: str | None, domain: str | None) -> list[Step]:
    wanted = {"challenge": challenge, "domain": domain}
    for proof in listed(document.get("proof")):
        for name, value in wanted.items():
            if value is not None and isinstance(proof, dict) and proof.get(name) != value:
                sentence = f"The presentation was made for another {name}."
                return [Step("request", Outcome.FAIL, sentence, f"presentation-{name}")]
    return []


def _check_form(document: JsonObject) -> None:
    check_contexts(document)
    if "id" in document and not is_url(document["id"]):
        raise Malformed("url", "An absolute URL was expected.", place="/id")
    if "VerifiablePresentation" not in listed(document.get("type")):
        raise Malformed("type", "This is not a verifiable presentation.", place="/type")
    if "holder" in document and not is_url(document["holder"]):
        raise Malformed("holder", "The holder is a URL.", place="/holder")


def _holder(document: JsonObject) -> str:
    _check_form(document)
    holder = identifier(document.get("holder"))
    if holder is None or not holder.startswith("did:"):
        raise Malformed("holder", "The presentation names its holder by a DID.", place="/holder")
    return holder


def _credentials(document: JsonObject) -> list[Any]:
    credentials = listed(document.get("verifiableCredential"))
    if len(credentials) > MOST_CREDENTIALS:
        sentence = f"A presentation holds at most {MOST_CREDENTIALS} credentials."
        raise Malformed("too-many-credentials", sentence, place="/verifiableCredential")
    for index, credential in enumerate(credentials):
        if not isinstance(credential, dict):
            place = f"/verifiableCredential/{index}"
            raise Malformed("credential", "A credential is an object.", place=place)
    return credentials


def _check_request(document: JsonObject, challenge: str, domain: str) -> Step:
    for proof in listed(document.get("proof")):
        made_for = (proof.get("challenge"), proof.get("domain")) if isinstance(proof, dict) else ()
        if made_for != (challenge, domain):
            sentence = "The presentation was made for another request or another verifier."
            return Step("request", Outcome.FAIL, sentence, "presentation-request")
    return Step("request", Outcome.PASS, "The presentation answers this request.")


def check_holder(holder: str, reports: tuple[Report, ...]) -> Step:
    """Whether every credential is about its holder: else anybody could show anybody's."""
    for report in reports:
        if report.credential is not None and report.credential.subject_id != holder:
            sentence = f"{report.credential.name or 'A credential'} is about somebody else."
            return Step("holder", Outcome.FAIL, sentence, "holder-not-subject")
    return Step("holder", Outcome.PASS, "Every credential is about the one who presents it.")
