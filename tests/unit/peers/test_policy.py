"""The policy file: read strictly, named by its digest."""

from fractions import Fraction

import circle
import pytest

from issuer.peers.policy import read_policy
from issuer.peers.rubric import read_rubric
from vc.encoding import digest_multibase
from vc.errors import Malformed

SHIPPED = circle.POLICY.read_text(encoding="utf-8")


def refusal_of(old: str, new: str) -> Malformed:
    assert SHIPPED.count(old) == 1
    with pytest.raises(Malformed) as caught:
        read_policy(SHIPPED.replace(old, new), source="p.yaml")
    return caught.value


def test_shipped_policy_holds_the_published_values() -> None:
    policy = circle.policy()
    assert (policy.level.quorum_share, policy.level.yes_share) == (Fraction(1, 2), Fraction(2, 3))
    assert [(s.peers, s.outsiders) for s in policy.panel.sizes] == [(4, 1), (3, 2), (0, 5)]
    assert [policy.panel.size(n).peers for n in (35, 12, 11, 5, 4, 0)] == [4, 4, 3, 3, 0, 0]
    assert policy.title == "learnometer-2026.1"


def test_policy_is_named_by_the_digest_of_its_file() -> None:
    assert circle.policy().digest == digest_multibase(SHIPPED.encode())


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("    yes_votes: 4\n", "    yes_vote: 4\n", "p.yaml:panel.passes.yes_votes"),
        ("  days_to_judge: 14", "  days_to_judge: 0", "p.yaml:panel.days_to_judge"),
        ("yes_share_of_cast: 2/3", "yes_share_of_cast: 0.67", "level_ballot.passes.yes_share"),
        ("yes_share_of_cast: 2/3", "yes_share_of_cast: 4/3", "level_ballot.passes.yes_share"),
        ("  months: 3\n", "  months: 5\n", "p.yaml:audit.months"),
        ("from_overturned: 2", "from_overturned: 0", "p.yaml:audit.everything.from_overturned"),
        ("  days: 21", "  days: true", "p.yaml:appeal.days"),
        ("  days: 21", "  days: 21\n  weeks: 3", "p.yaml:appeal.weeks"),
        ("  days: 21", "  days: 21\n  days: 22", "p.yaml, line"),
        ("from_eligible_peers: 5,", "from_eligible_peers: 13,", "p.yaml:panel.sizes"),
        ("peers: 3, outsiders: 2}", "peers: 3, outsiders: 0}", "p.yaml:panel.sizes[1]"),
        ("moderator_from_yes: 3", "moderator_from_yes: 5", "panel.moderator_from_yes"),
        ("policy: learnometer", "policy: [learnometer", "p.yaml, line"),
        ("in_force_from: 2026-09-01", "in_force_from: soon", "p.yaml:in_force_from"),
    ],
)
def test_fault_in_a_policy_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    assert place in refusal_of(old, new).place


def test_rubric_whose_required_level_is_unknown_is_refused() -> None:
    with pytest.raises(Malformed, match="not a level"):
        read_rubric(circle.RUBRIC_TEXT.replace("required: capable", "required: x"), source="r")
