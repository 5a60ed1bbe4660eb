"""A declared conflict of interest keeps two members from judging each other."""

import pytest
from village import NOW, Village

from issuer.peers.panel import Draw
from vc.errors import Conflict, Missing


def reasons(drawn: Draw, person: str) -> tuple[str, ...]:
    return next(
        (entry.reasons for entry in drawn.excluded if entry.member.person == person),
        (),
    )


@pytest.mark.parametrize(("declares", "other"), [("north1", "south3"), ("south3", "north1")])
def test_who_is_in_conflict_with_the_author_is_not_drawn_whoever_declared_it(
    village: Village, declares: str, other: str
) -> None:
    village.community.declare_conflict(person_id=declares, other_id=other, now=NOW)
    contribution = village.handed_in(village.found_at_level(), "north1")
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    assert reasons(drawn, "south3") == ("a conflict of interest is declared",)
    assert reasons(drawn, "south4") == ()
    assert "south3" not in drawn.outsiders


def test_conflict_with_nobody_and_the_same_again_are_refused(village: Village) -> None:
    village.community.declare_conflict(person_id="north1", other_id="south3", now=NOW)
    with pytest.raises(Conflict):
        village.community.declare_conflict(person_id="north1", other_id="south3", now=NOW)
    with pytest.raises(Missing):
        village.community.declare_conflict(person_id="north1", other_id="nobody", now=NOW)
