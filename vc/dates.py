"""Is a credential in force at a moment? Its own dates, and those of its proofs."""

from datetime import datetime, timedelta
from typing import Final

from vc.errors import Malformed
from vc.model import Credential, Outcome, Step, instant, listed

CLOCK_SKEW: Final = timedelta(seconds=300)


def check(credential: Credential, *, now: datetime) -> Step:
    """The step dates, with five minutes of grace for clocks that differ."""
    begins, until = credential.valid_from, credential.valid_until
    try:
        made, expiries = _of_proofs(credential, "created"), _of_proofs(credential, "expires")
    except Malformed as error:
        return Step("dates", Outcome.FAIL, str(error), error.code)
    if begins is not None and until is not None and until < begins:
        sentence = "It would end before it begins."
        return Step("dates", Outcome.FAIL, sentence, "dates-reversed")
    if begins is not None and now + CLOCK_SKEW < begins:
        sentence = f"It is not valid before {begins:%-d %B %Y}."
        return Step("dates", Outcome.FAIL, sentence, "not-yet-valid")
    if made and now + CLOCK_SKEW < max(made):
        sentence = f"It claims to be signed on {max(made):%-d %B %Y}, which is still to come."
        return Step("dates", Outcome.FAIL, sentence, "signed-in-future")
    if until is not None:
        expiries.append(until)
    if expiries and now - CLOCK_SKEW > min(expiries):
        return Step("dates", Outcome.FAIL, f"It expired on {min(expiries):%-d %B %Y}.", "expired")
    if not expiries:
        return Step("dates", Outcome.PASS, "It is within its dates, and has no expiry date.")
    return Step("dates", Outcome.PASS, f"It is within its dates, until {min(expiries):%-d %B %Y}.")


def _of_proofs(credential: Credential, name: str) -> list[datetime]:
    return [
        instant(proof[name], place=f"/proof/{name}")
        for proof in listed(credential.document.get("proof"))
        if isinstance(proof, dict) and name in proof
    ]
