"""Ballots: what a judge is asked, and the signed answer read back strictly.

A ballot is a compact JWS of type `ballot+jwt` over RFC 8785 canonical claims, signed with the
judge's own key. Here are its claims; signing is the wallet's affair, sealing the box's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from issuer.peers.rubric import Rubric
from vc.documents import JsonObject, parse
from vc.errors import Malformed

JWS_TYPE: Final = "ballot+jwt"

# A judge must say where in the evidence a level shows; shorter is a rubber stamp. In characters.
SHORTEST_ANCHOR: Final = 12
LONGEST_TEXT: Final = 2_000


class Answer(StrEnum):
    """What a judge can say."""

    YES = "yes"
    NO = "no"
    UNSURE = "not_enough_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPaper:
    """The question on an activity: is it at the level of the rubric? `poll` names this ballot."""

    poll: str
    activity: str
    policy: str
    rubric: Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPaper:
    """The question on a contribution. `badge` is the id that a badge for it will have.

    `policy` is the policy's digest, `evidence` the digests of all that the author handed in.
    """

    poll: str
    contribution: str
    badge: str
    policy: str
    rubric: Rubric
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelBallot:
    """One judge's answers on an activity."""

    judge: str
    answers: Mapping[str, Answer]
    verdict: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One rubric level, and where in which piece of evidence it shows."""

    criterion: str
    level: str
    evidence: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelBallot:
    """One judge's marks on a contribution; a yes carries the endorsement to publish."""

    judge: str
    marks: tuple[Mark, ...]
    verdict: Answer
    feedback: str
    endorsement: JsonObject | None


def level_claims(
    paper: LevelPaper, *, judge: str, answers: Mapping[str, Answer], verdict: Answer
) -> JsonObject:
    """The claims of a level ballot. `judge` is the DID of the judge's key."""
    return {
        **_level_frame(paper),
        "iss": judge,
        "answers": {criterion: str(answer) for criterion, answer in answers.items()},
        "verdict": str(verdict),
    }


def panel_claims(
    paper: PanelPaper,
    *,
    judge: str,
    marks: Iterable[Mark],
    verdict: Answer,
    feedback: str = "",
    endorsement: JsonObject | None = None,
) -> JsonObject:
    """The claims of a panel ballot. `judge` is the DID of the judge's key."""
    return {
        **_panel_frame(paper),
        "iss": judge,
        "marks": [
            {
                "criterion": mark.criterion,
                "level": mark.level,
                "evidence": mark.evidence,
                "anchor": mark.anchor,
            }
            for mark in marks
        ],
        "verdict": str(verdict),
        "feedback": feedback,
        "endorsement": endorsement,
    }


def read_level_ballot(payload: bytes, *, expected: LevelPaper) -> LevelBallot:
    """The ballot in a verified JWS payload. Raises Malformed when it answers another paper.

    The caller has checked the signature, and that `judge` is whom it knows under that key.
    """
    claims = _claims(payload, _level_frame(expected), {"iss", "answers", "verdict"})
    given = claims["answers"]
    asked = {criterion.id for criterion in expected.rubric.criteria}
    if not isinstance(given, dict) or set(given) != asked:
        raise _fault("/answers", "One answer per criterion is expected.")
    answers = {key: _answer(value, f"/answers/{key}") for key, value in given.items()}
    verdict = _answer(claims["verdict"], "/verdict")
    if verdict is Answer.YES and Answer.NO in answers.values():
        raise _fault("/verdict", "A yes does not agree with a no on a criterion.")
    return LevelBallot(judge=_text(claims, "iss"), answers=answers, verdict=verdict)


def read_panel_ballot(payload: bytes, *, expected: PanelPaper) -> PanelBallot:
    """The ballot in a verified JWS payload. Raises Malformed when it answers another paper.

    The caller also checks the endorsement: its signature, its signer, and what it binds.
    """
    own = {"iss", "marks", "verdict", "feedback", "endorsement"}
    claims = _claims(payload, _panel_frame(expected), own)
    marks = _marks(claims["marks"], expected)
    verdict = _answer(claims["verdict"], "/verdict")
    if verdict is Answer.UNSURE:
        raise _fault("/verdict", "A panel judge says yes or no, or gives the seat back.")
    if verdict is Answer.YES and not all(expected.rubric.suffices(mark.level) for mark in marks):
        raise _fault("/verdict", "A yes does not agree with a level below the required one.")
    endorsement = claims["endorsement"]
    if isinstance(endorsement, dict) != (verdict is Answer.YES):
        raise _fault("/endorsement", "A yes carries an endorsement, and nothing else does.")
    return PanelBallot(
        judge=_text(claims, "iss"),
        marks=marks,
        verdict=verdict,
        feedback=_text(claims, "feedback", shortest=0),
        endorsement=endorsement,
    )


def _level_frame(paper: LevelPaper) -> JsonObject:
    return {
        "ballot": "level",
        "poll": paper.poll,
        "activity": paper.activity,
        "policy": paper.policy,
        "rubric": paper.rubric.digest,
    }


def _panel_frame(paper: PanelPaper) -> JsonObject:
    return {
        "ballot": "panel",
        "poll": paper.poll,
        "contribution": paper.contribution,
        "badge": paper.badge,
        "policy": paper.policy,
        "rubric": paper.rubric.digest,
        "evidence": list(paper.evidence),
    }


def _claims(payload: bytes, frame: JsonObject, own: set[str]) -> JsonObject:
    """The claims, which must repeat the paper's frame: a ballot answers one question only."""
    claims = parse(payload)
    for key in sorted(set(claims) ^ (set(frame) | own)):
        raise _fault(f"/{key}", "This claim is missing or not known.")
    for key, value in frame.items():
        if claims[key] != value:
            raise _fault(f"/{key}", "This ballot answers another paper.")
    return claims


def _marks(value: Any, paper: PanelPaper) -> tuple[Mark, ...]:
    if not isinstance(value, list):
        raise _fault("/marks", "A list of marks is expected.")
    marks = tuple(_mark(entry, f"/marks/{n}", paper) for n, entry in enumerate(value))
    asked = sorted(criterion.id for criterion in paper.rubric.criteria)
    if sorted(mark.criterion for mark in marks) != asked:
        raise _fault("/marks", "One mark per criterion is expected.")
    return marks


def _mark(entry: Any, place: str, paper: PanelPaper) -> Mark:
    if not isinstance(entry, dict) or set(entry) != {"criterion", "level", "evidence", "anchor"}:
        raise _fault(place, "A mark names a criterion, a level, the evidence and an anchor.")
    mark = Mark(
        criterion=_text(entry, "criterion", place=place),
        level=_text(entry, "level", place=place),
        evidence=_text(entry, "evidence", place=place),
        anchor=_text(entry, "anchor", place=place, shortest=SHORTEST_ANCHOR),
    )
    if mark.evidence not in paper.evidence:
        raise _fault(f"{place}/evidence", "This digest is not among the evidence handed in.")
    if mark.level not in {level.id for level in paper.rubric.levels}:
        raise _fault(f"{place}/level", "This is not a level of the rubric.")
    return mark


def _answer(value: Any, place: str) -> Answer:
    try:
        return Answer(value)
    except ValueError as error:
        raise _fault(place, "yes, no or not_enough_evidence is expected.") from error


def _text(claims: JsonObject, key: str, *, place: str = "", shortest: int = 1) -> str:
    value = claims[key]
    if not isinstance(value, str) or not shortest <= len(value.strip()) <= LONGEST_TEXT:
        sentence = f"A text of {shortest} to {LONGEST_TEXT} characters is expected."
        raise _fault(f"{place}/{key}", sentence)
    return value


def _fault(place: str, sentence: str) -> Malformed:
    return Malformed("ballot", sentence, place=place)
