"""How members judge in the story. Every vote follows from the judge, the matter and the seed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from random import Random

from service.charter.menu import Rubric
from service.demo.community import Activity, Attendance, Person, Role
from service.demo.phrases import Phrases
from service.demo.writing import Evidence, Quality


class Answer(StrEnum):
    """What a judge says; a panel judge who is unsure gives the seat back."""

    YES = "yes"
    NO = "no"
    UNSURE = "not_enough_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelVote:
    """One participant's ballot on the level of an activity."""

    judge: str
    answers: Mapping[str, Answer]
    verdict: Answer
    cast_at: datetime


class Part(StrEnum):
    """The part of the evidence on which a mark rests."""

    ARTEFACT = "artefact"
    REFLECTION = "reflection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A rubric level for one criterion; `anchor` quotes the place where it shows."""

    criterion: str
    level: str
    part: Part
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelVote:
    """One judge's answer on a contribution; whoever is unsure has no marks and no feedback."""

    verdict: Answer
    marks: tuple[Mark, ...]
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a moderator finds who reads without seeing the votes."""

    upheld: bool
    reason: str


# How often a judge says yes to a contribution of this quality. An honest judge passes good work
# nine times in ten or more often, and bad work hardly ever (spec: peer validation).
SAYS_YES = {Quality.STRONG: 0.99, Quality.SOUND: 0.95, Quality.THIN: 0.05}
GIVES_SEAT_BACK = 0.01
TURNOUT = 0.9

# For each quality the weights of the levels from the required one upwards.
LEVEL_WEIGHTS = {
    Quality.STRONG: (3, 5, 2),
    Quality.SOUND: (7, 3, 0),
    Quality.THIN: (1, 0, 0),
}
REFLECTIVE = frozenset({"reflection", "judgement", "significance", "current", "at_masters_level"})


def level_votes(
    activity: Activity,
    rows: Iterable[Attendance],
    *,
    people: Mapping[str, Person],
    rubric: Rubric,
    seed: int,
) -> tuple[LevelVote, ...]:
    """The ballots of those who came and did not provide it; a few stay away, never the quorum.

    At the level at least four fifths say yes, one of them from another context than the providers'
    where there is such a person; below it at most two fifths do.
    """
    rng = Random(f"{seed}/{activity.id}/level")  # noqa: S311  # a story is no secret
    present = [row for row in rows if row.confirmed]
    contexts = {people[row.person].context for row in present if row.role is Role.CO_PROVIDER}
    eligible = [row.person for row in present if row.role is Role.PARTICIPANT]
    rng.shuffle(eligible)
    voters = eligible[: max(3, ceil(len(eligible) / 2), round(TURNOUT * len(eligible)))]
    voters.sort(key=lambda voter: people[voter].context in contexts)  # those from elsewhere first
    most = len(voters) // 5 if activity.at_level else 2 * len(voters) // 5
    few = rng.randint(0, most)
    yes = voters[: len(voters) - few] if activity.at_level else voters[:few]
    return tuple(
        _level_vote(voter, activity, rubric, agrees=voter in yes, rng=rng) for voter in voters
    )


def _level_vote(
    judge: str, activity: Activity, rubric: Rubric, *, agrees: bool, rng: Random
) -> LevelVote:
    answers = dict.fromkeys(rubric.criteria, Answer.YES)
    verdict = Answer.YES
    if not agrees:
        verdict = rng.choices((Answer.NO, Answer.UNSURE), weights=(3, 1))[0]
        for criterion in rng.sample(rubric.criteria, k=rng.randint(1, len(rubric.criteria) - 1)):
            answers[criterion] = verdict
    elif rng.random() < 0.1:
        answers[rng.choice(rubric.criteria)] = Answer.UNSURE
    return LevelVote(
        judge=judge,
        answers=answers,
        verdict=verdict,
        cast_at=moment(activity.ends + timedelta(days=rng.randint(1, 12)), rng),
    )


def panel_vote(
    quality: Quality, evidence: Evidence, *, rubric: Rubric, phrases: Phrases, rng: Random
) -> PanelVote:
    """One judge's vote on work of this quality; all chance is in `rng`."""
    if rng.random() < GIVES_SEAT_BACK:
        return PanelVote(verdict=Answer.UNSURE, marks=(), feedback="")
    agrees = rng.random() < SAYS_YES[quality]
    levels = _levels(quality, rubric, agrees=agrees, rng=rng)
    marks = tuple(_mark(criterion, level, evidence, rng) for criterion, level in levels.items())
    doubtful = [criterion for criterion, level in levels.items() if level == rubric.levels[0]]
    if agrees:
        overall = phrases.overall["strong" if quality is Quality.STRONG else "sound"]
        detail = phrases.praise[rng.choice(rubric.criteria)]
    else:
        overall = phrases.overall["thin" if quality is Quality.THIN else "withheld"]
        detail = phrases.wanting[rng.choice(doubtful)]
    return PanelVote(
        verdict=Answer.YES if agrees else Answer.NO,
        marks=marks,
        feedback=f"{rng.choice(overall)} {detail}",
    )


def _levels(quality: Quality, rubric: Rubric, *, agrees: bool, rng: Random) -> dict[str, str]:
    weights = LEVEL_WEIGHTS[quality]
    first = rubric.levels.index(rubric.required)
    enough = rubric.levels[first : first + len(weights)]
    levels = {
        criterion: rng.choices(enough, weights=weights[: len(enough)])[0]
        for criterion in rubric.criteria
    }
    if not agrees:
        wanting = rng.randint(2, len(levels)) if quality is Quality.THIN else 1
        for criterion in rng.sample(rubric.criteria, k=wanting):
            levels[criterion] = rubric.levels[0]
    return levels


def _mark(criterion: str, level: str, evidence: Evidence, rng: Random) -> Mark:
    part = Part.REFLECTION if criterion in REFLECTIVE else Part.ARTEFACT
    text = evidence.reflection if part is Part.REFLECTION else evidence.artefact
    return Mark(criterion=criterion, level=level, part=part, anchor=_anchor(text, rng))


def _anchor(text: str, rng: Random) -> str:
    """The first words of one of the sentences."""
    sentences = [sentence for sentence in re.split(r"(?<=[.?!”])\s+", text) if " " in sentence]
    words: Sequence[str] = rng.choice(sentences).split()
    return f"“{' '.join(words[:7]).strip('“”')} …”"


def moment(day: date, rng: Random) -> datetime:
    """A time on `day` at which people sit down to such things, in UTC."""
    return datetime.combine(day, time(rng.randint(6, 21), rng.randint(0, 59)), tzinfo=UTC)
