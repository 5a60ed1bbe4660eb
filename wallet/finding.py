"""A verification in one sentence, in the colours that verifiers have agreed on.

A bad signature and a revocation are red; an unknown issuer and an expired badge are warnings,
for unknown is not forged, and past is not false; what could not be checked is said to be so.
"""

from dataclasses import dataclass
from typing import Final

from vc.model import Outcome, Report, Verdict

WARNING: Final = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is a value of Verdict or `warning`; `says_who` is whether the content can be shown.

    With a broken signature nothing that the badge says can be repeated.
    """

    kind: str
    sentence: str
    says_who: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """What this site's registry says of a credential's issuer.

    `name` is the one under which it covers the credential; None where it does not, for the reason
    in the sentence.
    """

    name: str | None
    sentence: str


def find(report: Report, *, registration: Registration) -> Finding:
    """The finding for a reader."""
    signature = report.step("signature")
    says_who = signature is not None and signature.outcome is Outcome.PASS
    against = [step for step in report.steps if step.outcome is not Outcome.PASS]
    if not against:
        return _good(registration)
    if says_who and [step.code for step in against] == ["expired"]:
        sentence = (
            f"The badge was rightly issued and is a record of the past. {against[0].sentence}"
        )
        return Finding(WARNING, sentence, says_who)
    worst = next((step for step in against if step.outcome is Outcome.FAIL), against[0])
    return Finding(report.verdict.value, worst.sentence, says_who)


def _good(registration: Registration) -> Finding:
    if registration.name is None:
        sentence = f"The signature is good and the badge is in force. {registration.sentence}"
        return Finding(WARNING, sentence, says_who=True)
    sentence = (
        f"{registration.name} signed this badge, nobody has changed it since, "
        "and it is in force today."
    )
    return Finding(Verdict.VALID.value, sentence, says_who=True)
