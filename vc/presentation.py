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
from vc.errors import Malformed
from vc.fetch import Fetcher
from vc.model import Outcome, Report, Step, Verdict, identifier, listed, verdict
from vc.proofs import eddsa_jcs_2022
from vc.structure import CREDENTIALS_V2
from vc.verify import check_proofs, verify

LARGEST: Final = 8_388_608  # bytes: some 200 badges with five endorsements each


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
        _check_request(document, expected_challenge, expected_domain),
        *check_proofs(document, controller=holder, purpose="authentication", fetcher=fetcher),
    ]
    if verdict(tuple(steps)) is not Verdict.VALID:
        return PresentationReport(holder, tuple(steps), ())
    # (4) Each credential, by the same path as anywhere, and (5) about the one who presents it.
    reports = tuple(verify(credential, now=now, fetcher=fetcher) for credential in credentials)
    steps.append(_check_holder(holder, reports))
    return PresentationReport(holder, tuple(steps), reports)


def _holder(document: JsonObject) -> str:
    contexts = document.get("@context")
    if not isinstance(contexts, list) or contexts[:1] != [CREDENTIALS_V2]:
        raise Malformed("context", f"The first context is {CREDENTIALS_V2}.", place="/@context")
    if "VerifiablePresentation" not in listed(document.get("type")):
        raise Malformed("type", "This is not a verifiable presentation.", place="/type")
    holder = identifier(document.get("holder"))
    if holder is None or not holder.startswith("did:"):
        raise Malformed("holder", "The presentation names its holder by a DID.", place="/holder")
    return holder


def _credentials(document: JsonObject) -> list[Any]:
    credentials = listed(document.get("verifiableCredential"))
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


def _check_holder(holder: str, reports: tuple[Report, ...]) -> Step:
    for report in reports:
        if report.credential is not None and report.credential.subject_id != holder:
            sentence = f"{report.credential.name or 'A credential'} is about somebody else."
            return Step("holder", Outcome.FAIL, sentence, "holder-not-subject")
    return Step("holder", Outcome.PASS, "Every credential is about the one who presents it.")
