"""The plan of the story: deterministic, plausible, and worth reading."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.demo.community import Aim, Community, Role, load
from service.demo.contributions import Contribution
from service.demo.judging import Answer
from service.demo.plot import Plot, plan
from service.demo.writing import Quality
from vc.errors import Malformed

EXAMPLES = Path(__file__).parents[3] / "examples" / "community"


@pytest.fixture(scope="module")
def community() -> Community:
    return load(EXAMPLES)


@pytest.fixture(scope="module")
def plot(community: Community) -> Plot:
    return plan(community)


def _earning(plot: Plot) -> Mapping[str, list[Contribution]]:
    earning: dict[str, list[Contribution]] = defaultdict(list)
    for each in plot.contributions:
        if each.earns:
            earning[each.author.handle].append(each)
    return earning


def _tenths(contributions: list[Contribution], tag: str = "") -> int:
    return sum(
        each.achievement.credits_tenths
        for each in contributions
        if not tag or tag in each.achievement.tags
    )


def _of(plot: Plot, *aims: Aim) -> list[str]:
    return [person.handle for person in plot.people.values() if person.aim in aims]


def test_the_same_seed_tells_the_same_story(community: Community, plot: Plot) -> None:
    again = plan(community)
    assert again.scenes == plot.scenes
    assert again.revocations == plot.revocations
    assert again.shares == plot.shares


def test_another_seed_tells_another_story(community: Community, plot: Plot) -> None:
    other = plan(community, seed=2)
    assert [each.id for each in other.contributions] != [each.id for each in plot.contributions]
    assert other.scenes[0].level_votes != plot.scenes[0].level_votes


def test_the_story_earns_about_four_hundred_badges(plot: Plot) -> None:
    numbers = Counter(len(_earning(plot)[handle]) for handle in plot.people)
    assert 380 <= sum(times * number for number, times in numbers.items()) <= 430
    assert sum(numbers[few] for few in (1, 2, 3)) >= 15
    assert sum(numbers[some] for some in (4, 5, 6, 7, 8)) >= 5
    assert max(numbers) >= 20


def test_two_members_gather_what_a_masters_degree_asks_for(plot: Plot) -> None:
    earning = _earning(plot)
    for handle in ("amina-wanjiru", "marieke-de-boer"):
        badges = earning[handle]
        assert _tenths(badges) >= 1_800
        assert _tenths([b for b in badges if b.achievement.level >= 7]) >= 1_500
        assert _tenths(badges, "capstone") == 600
        assert _tenths(badges, "research_methods") >= 200
        assert _tenths(badges, "reflective_practice") >= 200
        assert _tenths(badges, "ethics") >= 100
        assert _tenths([b for b in badges if b.role is Role.CO_PROVIDER]) >= 200
        assert len({b.activity.circles[0] for b in badges}) == 2


def test_those_who_aim_at_a_degree_or_diploma_keep_their_yearly_obligations(plot: Plot) -> None:
    earning = _earning(plot)
    missed = []
    for handle in _of(plot, Aim.DEGREE, Aim.DIPLOMA):
        begins = plot.people[handle].joined
        while begins.year < 2026:
            ends = begins.replace(year=begins.year + 1)
            year = [b for b in earning[handle] if begins <= b.activity.ends < ends]
            provided = sum(b.role is Role.CO_PROVIDER for b in year)
            if provided < 2 or len(year) - provided < 4:
                missed.append((handle, begins.year))
            begins = ends
    # One missed year is for the board to decide: the story has such a case.
    assert missed == [("gareth-pritchard", 2024)]


def test_diplomas_and_certificates_are_within_reach_of_those_who_aim_at_them(plot: Plot) -> None:
    earning = _earning(plot)
    for handle in _of(plot, Aim.DIPLOMA):
        assert _tenths(earning[handle]) >= 1_200
        assert _tenths(earning[handle], "research_methods") >= 200
    for handle in _of(plot, Aim.CERTIFICATE):
        assert _tenths(earning[handle]) >= 600
        assert _tenths(earning[handle], "reflective_practice") >= 100
        assert _tenths(earning[handle], "ethics") >= 50


def test_those_who_come_for_the_practice_stay_below_an_award(plot: Plot) -> None:
    earning = _earning(plot)
    assert all(_tenths(earning[handle]) < 600 for handle in _of(plot, Aim.PRACTICE))


def test_four_to_six_activities_fall_below_the_level_and_lead_to_no_badge(plot: Plot) -> None:
    below = [scene for scene in plot.scenes if not scene.activity.at_level]
    assert 4 <= len(below) <= 6
    assert not any(scene.contributions for scene in below)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_level_ballot_ends_as_the_story_says(community: Community, seed: int) -> None:
    for scene in plan(community, seed=seed).scenes:
        eligible = [r for r in scene.attendance if r.confirmed and r.role is Role.PARTICIPANT]
        votes = scene.level_votes
        if not scene.activity.level_ballot:
            assert votes == ()
            continue
        yes = [vote for vote in votes if vote.verdict is Answer.YES]
        assert 2 * len(votes) >= len(eligible)
        assert (3 * len(yes) >= 2 * len(votes)) == scene.activity.at_level
        assert all(Answer.NO not in vote.answers.values() for vote in yes)
        assert {vote.judge for vote in votes} <= {row.person for row in eligible}


def test_votes_depend_on_the_judge_and_not_on_the_order_of_asking(
    community: Community, plot: Plot
) -> None:
    again = plan(community)
    judges = list(plot.people)[:10]
    asked = [(judge, each) for judge in judges for each in plot.contributions[:20]]
    first = [plot.panel_vote(judge=judge, contribution=each) for judge, each in asked]
    second = [again.panel_vote(judge=judge, contribution=each) for judge, each in reversed(asked)]
    assert first == second[::-1]
    assert len({vote.feedback for vote in first}) > 10


def test_a_yes_marks_every_criterion_at_the_level_and_quotes_the_evidence(plot: Plot) -> None:
    for each in plot.contributions:
        rubric = plot.community.rubrics[each.achievement.rubric]
        vote = plot.panel_vote(judge="esther-mutua", contribution=each)
        if vote.verdict is Answer.UNSURE:
            continue
        below = [mark for mark in vote.marks if mark.level == rubric.levels[0]]
        assert tuple(mark.criterion for mark in vote.marks) == rubric.criteria
        assert (vote.verdict is Answer.YES) == (not below)
        for mark in vote.marks:
            assert len(mark.anchor) >= 12
            assert mark.anchor.strip("“ …”").rstrip() in getattr(each.evidence, mark.part)


def test_work_that_is_sent_back_comes_back_better(plot: Plot) -> None:
    thin = [each for each in plot.contributions if each.quality is Quality.THIN]
    assert 15 <= len(thin) <= 60
    assert any(not each.comes_back for each in thin)
    for each in thin:
        scene = next(scene for scene in plot.scenes if scene.activity == each.activity)
        revised = plot.revised(each, now=scene.calendar.panel_closes)
        assert revised.version == 2
        assert revised.quality is Quality.STRONG
        assert scene.calendar.panel_closes < revised.handed_in
        assert revised.handed_in < scene.calendar.second_panel_closes
        assert not plot.moderation(each).upheld
        assert plot.moderation(revised).upheld


@pytest.mark.parametrize(("members", "seed"), [(70, 1), (70, 7), (160, 3)])
def test_no_two_members_hand_in_the_same_text(
    community: Community, members: int, seed: int
) -> None:
    plot = plan(community, members=members, seed=seed)
    artefacts = Counter(each.evidence.artefact for each in plot.contributions)
    both = {(each.evidence.artefact, each.evidence.reflection) for each in plot.contributions}
    assert max(artefacts.values()) == 1
    assert not any("{" in part or "  " in part for text in both for part in text)


def test_only_earned_badges_are_withdrawn_or_shared(plot: Plot) -> None:
    assert len(plot.revocations) == 4
    assert len(plot.suspensions) == 1
    for withdrawn in (*plot.revocations, *plot.suspensions):
        assert withdrawn.contribution.earns
        assert withdrawn.contribution.author.aim is Aim.PRACTICE
    audited = [each for each in plot.revocations if each.by_audit]
    assert [plot.audit(each.contribution).upheld for each in audited] == [False]
    for shared in plot.shares:
        assert {each.author for each in shared.contributions} == {shared.person}
    assert plot.people["amina-wanjiru"] in plot.applicants


@pytest.mark.parametrize("members", [24, 45, 131])
def test_circles_stay_balanced_in_smaller_and_larger_communities(
    community: Community, members: int
) -> None:
    plot = plan(community, members=members, seed=5)
    sizes = Counter(person.circle for person in plot.people.values())
    assert sum(sizes.values()) == members
    assert max(sizes.values()) - min(sizes.values()) <= 1
    assert len({person.email for person in plot.people.values()}) == members
    present = {row.person for scene in plot.scenes for row in scene.attendance}
    assert present <= set(plot.people)
    assert any(each.author.handle == "amina-wanjiru" for each in plot.contributions)


@pytest.mark.parametrize("members", [0, 23, 2_001])
def test_a_community_that_cannot_be_played_is_refused(community: Community, members: int) -> None:
    with pytest.raises(Malformed, match=r"--members: From 24 to 2000 members"):
        plan(community, members=members)


def test_those_who_aim_high_lose_nothing_in_a_smaller_community(
    community: Community, plot: Plot
) -> None:
    smaller = _earning(plan(community, members=40))
    for handle in _of(plot, Aim.DEGREE, Aim.DIPLOMA):
        assert _tenths(smaller[handle]) == _tenths(_earning(plot)[handle])
