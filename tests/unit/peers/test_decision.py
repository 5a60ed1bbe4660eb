"""Decisions: the policy's thresholds, and nobody's vote on themselves."""

import circle
import pytest
from circle import member, took_part
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.peers import decision
from issuer.peers.activity import Part, who_may_judge_level
from issuer.peers.ballots import Answer, LevelBallot, Mark, PanelBallot
from issuer.peers.decision import LevelOutcome, PanelOutcome
from issuer.peers.panel import Seat
from vc.errors import Conflict

POLICY = circle.policy()
RUBRIC = circle.rubric()
ACTIVITY = circle.activity(
    took_part(member("prov"), part=Part.PROVIDER),
    took_part(member("co"), part=Part.CO_AUTHOR),
    took_part(member("absent"), confirmed=False),
    *(
        took_part(member(f"m{n}", context="de-primary" if n < 3 else "ke-secondary"))
        for n in range(8)
    ),
)


def vote(judge: str, verdict: Answer) -> LevelBallot:
    return LevelBallot(judge=judge, answers={}, verdict=verdict)


def level(votes: list[LevelBallot]) -> decision.LevelDecision:
    return decision.decide_level(
        votes,
        eligibility=who_may_judge_level(ACTIVITY),
        provider_contexts=ACTIVITY.provider_contexts,
        policy=POLICY,
    )


def votes(yes: list[int], no: list[int]) -> list[LevelBallot]:
    return [vote(f"m{n}", Answer.YES) for n in yes] + [vote(f"m{n}", Answer.NO) for n in no]


@pytest.mark.parametrize(
    ("yes", "no", "outcome"),
    [
        ([0, 3, 4, 5], [6, 7], LevelOutcome.AT_LEVEL),
        ([0, 3, 4], [6, 7], LevelOutcome.BELOW_LEVEL),
        ([3, 4, 5, 6, 7], [], LevelOutcome.BELOW_LEVEL),
        ([0, 1, 2], [], LevelOutcome.NO_QUORUM),
    ],
)
def test_level_needs_quorum_two_thirds_and_a_yes_from_another_context(
    yes: list[int], no: list[int], outcome: LevelOutcome
) -> None:
    assert level(votes(yes, no)).outcome is outcome


def test_not_enough_evidence_is_not_a_yes() -> None:
    unsure = [vote(f"m{n}", Answer.UNSURE) for n in (5, 6)]
    assert level([*votes([0, 1, 2], []), *unsure]).outcome is LevelOutcome.BELOW_LEVEL


def test_decision_explains_itself() -> None:
    result = level(votes([0, 3, 4, 5], [6, 7]))
    assert result.tally == "4 yes of 6 cast, 8 eligible"
    assert result.sentences == (
        "6 of 8 eligible members voted; 4 were needed.",
        "4 of 6 said yes, and 4 are needed (2/3).",
        "1 yes came from another context than the providers', and 1 is needed.",
        "Decided under the policy learnometer-2026.1.",
    )


def test_two_ballots_of_one_person_are_refused() -> None:
    with pytest.raises(Conflict):
        level([vote("m0", Answer.YES), vote("m0", Answer.NO)])


BALLOTS = st.dictionaries(
    st.sampled_from([f"m{n}" for n in range(8)]), st.sampled_from(list(Answer))
).map(lambda chosen: [vote(judge, answer) for judge, answer in chosen.items()])


@given(BALLOTS, st.sets(st.sampled_from(["prov", "co", "absent", "stranger"]), min_size=1))
@settings(max_examples=60)
def test_vote_of_who_may_not_judge_is_never_counted(
    honest: list[LevelBallot], others: set[str]
) -> None:
    stuffed = [*honest, *(vote(person, Answer.YES) for person in sorted(others))]
    without, with_ = level(honest), level(stuffed)
    assert (with_.outcome, with_.tally) == (without.outcome, without.tally)


@given(BALLOTS, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_of_the_ballots_changes_nothing(honest: list[LevelBallot], random: object) -> None:
    shuffled = list(honest)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert level(shuffled) == level(honest)


SEATS = [Seat(judge=f"p{n}", outsider=n == 4) for n in range(5)]


def judged(judge: str, verdict: Answer, grade: str) -> PanelBallot:
    marks = tuple(
        Mark(criterion=c.id, level=grade, evidence="u", anchor="the second table")
        for c in RUBRIC.criteria
    )
    return PanelBallot(judge=judge, marks=marks, verdict=verdict, feedback="", endorsement=None)


def panel(pattern: str, *, revision: int = 0) -> decision.PanelDecision:
    """`pattern` has one letter per seat, the outsider's last: y or n."""
    given_ = [
        judged(f"p{n}", Answer.YES, "capable")
        if c == "y"
        else judged(f"p{n}", Answer.NO, "emerging")
        for n, c in enumerate(pattern)
    ]
    return decision.decide_panel(
        given_, seats=SEATS, rubric=RUBRIC, revision=revision, policy=POLICY
    )


@pytest.mark.parametrize(
    ("pattern", "revision", "outcome"),
    [
        ("yyyyy", 0, PanelOutcome.ACCEPTED),
        ("nyyyy", 0, PanelOutcome.ACCEPTED),
        ("yyyyn", 0, PanelOutcome.MODERATOR),
        ("nnyyy", 0, PanelOutcome.MODERATOR),
        ("nnnyy", 0, PanelOutcome.REVISE),
        ("nnnyy", 1, PanelOutcome.REVISE),
        ("nnnyy", 2, PanelOutcome.NOT_ACCEPTED),
        ("nnnnn", 0, PanelOutcome.REVISE),
    ],
)
def test_votes_of_a_panel_lead_where_the_policy_says(
    pattern: str, revision: int, outcome: PanelOutcome
) -> None:
    assert panel(pattern, revision=revision).outcome is outcome


def test_panel_with_an_empty_seat_is_not_decided() -> None:
    with pytest.raises(Conflict):
        panel("yyyy")


def test_achieved_level_is_the_lower_median_of_the_judges() -> None:
    grades = ["accomplished", "accomplished", "capable", "capable"]
    ballots = [judged(f"p{n}", Answer.YES, grade) for n, grade in enumerate(grades)]
    assert decision.achieved_levels(ballots, rubric=RUBRIC) == {
        "inquiry": "capable",
        "evidence": "capable",
    }


def test_accepted_contribution_is_never_recorded_below_the_required_level() -> None:
    assert panel("nyyyy").overall == panel("nnyyy").overall == "capable"
