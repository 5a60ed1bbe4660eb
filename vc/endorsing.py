"""The endorsements in a credential: each verified, and those of the badge counted as judges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vc import nested
from vc.did import key_behind
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import Credential, Outcome, Report, Step

MOST_ENDORSEMENTS: Final = 128  # in one credential; each costs a millisecond or more

# Verifies an endorsement by the path of any credential.
Verify = Callable[[JsonObject | str], Report]


@dataclass(frozen=True, slots=True)
class Endorsed:
    """The steps about endorsements, none where there are none; and those of the badge itself.

    `judges` is None where something stands against an endorsement.
    """

    steps: list[Step]
    judges: tuple[Credential, ...] | None = None


def examine(credential: Credential, *, verify: Verify) -> Endorsed:
    """What the endorsements in a credential amount to."""
    judges: list[Credential] = []
    others = 0
    try:
        carried = list(nested.endorsements(credential))
    except Malformed as error:
        return Endorsed([Step("endorsements", Outcome.FAIL, str(error), error.code)])
    if len(carried) > MOST_ENDORSEMENTS:
        sentence = f"It carries more than {MOST_ENDORSEMENTS} endorsements."
        return Endorsed([Step("endorsements", Outcome.FAIL, sentence, "too-many-endorsements")])
    for endorsement in carried:
        report = verify(endorsement.source)
        against = next((step for step in report.steps if step.outcome is not Outcome.PASS), None)
        if against is not None:
            sentence = f"An endorsement in it does not hold: {against.sentence}"
            return Endorsed([Step("endorsements", against.outcome, sentence, against.code)])
        signed = report.verified().credential
        about = signed.subject_id in endorsement.about
        if "EndorsementCredential" not in signed.types or not about:
            sentence = "An endorsement in it is about something else."
            return Endorsed([Step("endorsements", Outcome.FAIL, sentence, "endorsement-subject")])
        if endorsement.of_the_badge:
            judges.append(signed)
        else:
            others += 1
    steps = [_elsewhere(others)] if others else []
    if judges:
        issuers = [judge.issuer_id for judge in judges]
        count = _count(issuers, holder=credential.subject_id, issuer=credential.issuer_id)
        steps.append(count)
        if count.outcome is not Outcome.PASS:
            return Endorsed(steps)
    return Endorsed(steps, tuple(judges))


def _elsewhere(others: int) -> Step:
    sentence = f"{others} endorsements of what it speaks of hold."
    if others == 1:
        sentence = "1 endorsement of what it speaks of holds."
    return Step("endorsements-within", Outcome.PASS, sentence)


def _count(judges: list[str], *, holder: str, issuer: str) -> Step:
    keys = [key_behind(judge) for judge in judges]
    if key_behind(holder) in keys:
        sentence = "The holder is among those who endorse it."
        return Step("endorsements", Outcome.FAIL, sentence, "endorsed-by-holder")
    if len(set(keys)) != len(keys):
        sentence = "One person's endorsement is counted twice."
        return Step("endorsements", Outcome.FAIL, sentence, "endorsed-twice")
    peers = [key for key in keys if key != key_behind(issuer)]
    sentence = (
        f"{len(peers)} people signed for it, each with their own key; none of them is the holder."
    )
    if not peers:
        sentence = "Only its own issuer endorses it."
    elif len(peers) == 1:
        sentence = "1 person, who is not the holder, signed for it with their own key."
    return Step("endorsements", Outcome.PASS, sentence)
