"""Ballots read back strictly: each answers one paper, in full."""

from typing import Any

import circle
import pytest

from issuer.peers import ballots
from issuer.peers.ballots import Answer, LevelPaper, Mark, PanelPaper
from vc.errors import Malformed
from vc.jcs import canonical_json

RUBRIC = circle.rubric()
LEVEL = LevelPaper(poll="urn:poll:1", activity="a1", policy="uPolicy", rubric=RUBRIC)
PANEL = PanelPaper(
    poll="urn:poll:2",
    contribution="c1",
    badge="https://issuer.example/credentials/1",
    policy="uPolicy",
    rubric=RUBRIC,
    evidence=("uArtefact", "uReflection"),
)
JUDGE = "did:key:z6MkJudge"
YES = {"inquiry": Answer.YES, "evidence": Answer.YES}
ANCHOR = "page 2, where the two classes are compared"


def level_claims(**changes: Any) -> dict[str, Any]:
    claims = ballots.level_claims(LEVEL, judge=JUDGE, answers=YES, verdict=Answer.YES)
    return claims | changes


def marks(level: str = "capable") -> list[Mark]:
    return [
        Mark(criterion=criterion.id, level=level, evidence="uArtefact", anchor=ANCHOR)
        for criterion in RUBRIC.criteria
    ]


def panel_claims(level: str = "capable", **changes: Any) -> dict[str, Any]:
    claims = ballots.panel_claims(
        PANEL, judge=JUDGE, marks=marks(level), verdict=Answer.YES, endorsement={"id": "urn:e"}
    )
    return claims | changes


def read_level(claims: dict[str, Any]) -> ballots.LevelBallot:
    return ballots.read_level_ballot(canonical_json(claims), expected=LEVEL)


def read_panel(claims: dict[str, Any]) -> ballots.PanelBallot:
    return ballots.read_panel_ballot(canonical_json(claims), expected=PANEL)


def test_level_ballot_comes_back_as_it_was_filled_in() -> None:
    ballot = read_level(level_claims())
    assert (ballot.judge, ballot.answers, ballot.verdict) == (JUDGE, YES, Answer.YES)


def test_panel_ballot_comes_back_as_it_was_filled_in() -> None:
    ballot = read_panel(panel_claims())
    assert ballot.marks == tuple(marks())
    assert ballot.endorsement == {"id": "urn:e"}


@pytest.mark.parametrize(
    "changes",
    [
        {"poll": "urn:poll:9"},
        {"policy": "uOlder"},
        {"rubric": "uOlder"},
        {"activity": "a2"},
        {"ballot": "panel"},
        {"verdict": "maybe"},
        {"answers": {"inquiry": "yes"}},
        {"answers": {"inquiry": "yes", "evidence": "no"}},
        {"answers": {"inquiry": "yes", "evidence": "yes", "other": "yes"}},
        {"weight": 2},
        {"iss": ""},
    ],
)
def test_level_ballot_for_another_paper_or_misshapen_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_level(level_claims(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": ["uArtefact", "uSwapped"]},
        {"badge": "https://issuer.example/credentials/2"},
        {"marks": []},
        {"marks": "all good"},
        {"verdict": "not_enough_evidence"},
        {"endorsement": None},
        {"verdict": "no"},
        {"feedback": 3},
    ],
)
def test_panel_ballot_for_another_paper_or_misshapen_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_panel(panel_claims(**changes))


@pytest.mark.parametrize(
    ("key", "value"),
    [("evidence", "uElse"), ("anchor", "fine"), ("level", "superb"), ("criterion", "evidence")],
)
def test_mark_that_is_not_anchored_in_the_evidence_is_refused(key: str, value: str) -> None:
    claims = panel_claims()
    claims["marks"][0][key] = value
    with pytest.raises(Malformed):
        read_panel(claims)


def test_yes_below_the_required_level_is_refused() -> None:
    with pytest.raises(Malformed, match="required"):
        read_panel(panel_claims("emerging"))


def test_no_needs_no_endorsement() -> None:
    assert read_panel(panel_claims("emerging", verdict="no", endorsement=None)).endorsement is None
