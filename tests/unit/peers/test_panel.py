"""The lottery: replayable, independent, and by the size of the group."""

from datetime import UTC, datetime, timedelta
from random import Random

import circle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.peers import panel
from issuer.peers.panel import Case, Judgement
from vc.errors import Conflict

NOW = datetime(2026, 11, 22, tzinfo=UTC)
POLICY = circle.policy()
AUTHOR = circle.member("author")
CASE = Case(contribution="c1", authors=(AUTHOR,), circle="north", rubric="masters-level")
PEERS = circle.members("peer", 20, circle="north")
OTHERS = circle.members("other", 12, circle="south")


def seat(**changes: object) -> panel.Draw:
    given_: dict[str, object] = {
        "seed": "5eed",
        "case": CASE,
        "peers": PEERS,
        "others": OTHERS,
        "history": (),
        "policy": POLICY,
        "now": NOW,
    }
    return panel.draw(**(given_ | changes))  # type: ignore[arg-type]


def redraw(drawn: panel.Draw, *, left: str, reason: str) -> panel.Redraw:
    used = [seated.judge for seated in drawn.seats]
    return panel.redraw(
        peers=drawn.peers, outsiders=drawn.outsiders, left=left, reason=reason, used=used
    )


def shape(drawn: panel.Draw) -> tuple[int, int]:
    outsiders = sum(s.outsider for s in drawn.seats)
    return len(drawn.seats) - outsiders, outsiders


def judgement(judge: str, author: str, *, days: int, contribution: str = "old") -> Judgement:
    return Judgement(
        judge=judge, author=author, contribution=contribution, at=NOW - timedelta(days=days)
    )


@pytest.mark.parametrize(
    ("peers", "expected"), [(35, (4, 1)), (12, (4, 1)), (11, (3, 2)), (5, (3, 2)), (4, (0, 5))]
)
def test_panel_has_the_seats_of_its_group_size(peers: int, expected: tuple[int, int]) -> None:
    assert shape(seat(peers=circle.members("peer", peers, circle="north"))) == expected


@given(st.binary(min_size=32, max_size=32), st.integers())
@settings(max_examples=40)
def test_draw_replays_from_the_seed_whatever_the_order_of_candidates(
    nonce: bytes, order: int
) -> None:
    seed = panel.draw_seed(nonce, contribution="c1", evidence=("uA", "uB"))
    shuffled = list(PEERS)
    Random(order).shuffle(shuffled)
    assert seat(seed=seed).seats == seat(seed=seed, peers=shuffled).seats


def test_other_evidence_makes_another_seed() -> None:
    nonce = bytes(32)
    one = panel.draw_seed(nonce, contribution="c1", evidence=("uA", "uB"))
    assert one != panel.draw_seed(nonce, contribution="c1", evidence=("uA", "uC"))
    assert one != panel.draw_seed(nonce, contribution="c1", evidence=("uAuB",))


def test_author_is_never_drawn() -> None:
    drawn = seat(peers=(*PEERS[:4], AUTHOR), others=(*OTHERS, AUTHOR))
    assert AUTHOR.person not in (*drawn.peers, *drawn.outsiders)
    assert [e.reasons for e in drawn.excluded] == [("author of what is judged",)]


def test_participant_of_another_circle_takes_an_outsiders_seat() -> None:
    guest = circle.member("guest", circle="south")
    assert "guest" in seat(peers=(*PEERS, guest)).outsiders


def test_judge_is_not_drawn_a_third_time_for_one_author_within_a_year() -> None:
    twice = [
        judgement("peer0", "author", days=10, contribution="x"),
        judgement("peer0", "author", days=300, contribution="y"),
    ]
    assert "peer0" not in seat(history=twice).peers
    assert "peer0" in seat(history=twice[:1]).peers
    later = [judgement("peer0", "author", days=400, contribution="z"), twice[0]]
    assert "peer0" in seat(history=later).peers


def test_judge_whom_the_author_judged_lately_is_not_drawn() -> None:
    assert "peer0" not in seat(history=[judgement("author", "peer0", days=89)]).peers
    assert "peer0" in seat(history=[judgement("author", "peer0", days=91)]).peers


def test_revisions_of_one_contribution_count_as_one_judgement() -> None:
    again = [judgement("peer0", "author", days=d, contribution="c1") for d in (1, 2, 3)]
    assert "peer0" in seat(history=again).peers


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_no_random_history_breaks_the_limits_of_independence(order: int) -> None:
    random = Random(order)
    people = [*PEERS, *OTHERS]
    history: list[Judgement] = []
    for step in range(25):
        author, now = random.choice(people), NOW + timedelta(days=step * random.randint(0, 20))
        case = Case(
            contribution=f"c{step}", authors=(author,), circle=author.circle, rubric="masters-level"
        )
        drawn = seat(case=case, peers=people, others=(), history=history, now=now)
        for seated in drawn.seats:
            pair = [h for h in history if (h.judge, h.author) == (seated.judge, author.person)]
            back = [h for h in history if (h.author, h.judge) == (seated.judge, author.person)]
            assert sum(h.at > now - timedelta(days=365) for h in pair) < 2
            assert not any(h.at > now - timedelta(days=90) for h in back)
            history.append(
                Judgement(judge=seated.judge, author=author.person, contribution=f"c{step}", at=now)
            )


def test_too_few_outsiders_is_said_before_anyone_is_seated() -> None:
    with pytest.raises(Conflict, match="outside the circle"):
        seat(peers=(), others=OTHERS[:4])


def test_seat_given_back_goes_to_the_next_ticket_of_the_same_draw() -> None:
    drawn = seat()
    change = redraw(drawn, left=drawn.peers[0], reason="overdue")
    assert change.taken_by == panel.Seat(judge=drawn.peers[4], outsider=False)


def test_outsider_is_followed_by_an_outsider() -> None:
    drawn = seat()
    change = redraw(drawn, left=drawn.outsiders[0], reason="conflict")
    assert change.taken_by == panel.Seat(judge=drawn.outsiders[1], outsider=True)


def test_redraw_without_a_reason_is_refused() -> None:
    drawn = seat()
    with pytest.raises(Conflict, match="reason"):
        redraw(drawn, left=drawn.peers[0], reason=" ")


def test_new_panel_for_a_revision_keeps_one_judge_and_changes_the_others() -> None:
    first = [seated.judge for seated in seat().seats]
    second = [seated.judge for seated in seat(seed="other", former=first).seats]
    assert len(set(first) & set(second)) == 1
