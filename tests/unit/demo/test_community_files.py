"""The files under examples/community: they load, and a fault names its place."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from service.demo.community import Community, Role, load
from vc.errors import Malformed

EXAMPLES = Path(__file__).parents[3] / "examples" / "community"


@pytest.fixture(scope="module")
def community() -> Community:
    return load(EXAMPLES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "community"
    shutil.copytree(EXAMPLES, copy)
    return copy


def test_two_circles_of_thirty_five_come_from_several_contexts_each(community: Community) -> None:
    assert Counter(person.circle for person in community.people.values()) == {
        "enquiring-classrooms": 35,
        "bridges": 35,
    }
    for circle in community.circles.values():
        members = [p for p in community.people.values() if p.circle == circle.id]
        assert {member.context for member in members} == set(circle.contexts)


def test_the_activities_fill_three_years_and_are_of_many_kinds(community: Community) -> None:
    activities = community.activities.values()
    assert len(activities) == 62
    assert {a.ends.year for a in activities} == {2023, 2024, 2025, 2026}
    assert len({community.earned(a.id).kind for a in activities}) >= 15
    lengths = sorted((a.ends - a.starts).days for a in activities)
    assert lengths[0] == 0
    assert lengths[-1] > 600


def test_every_activity_is_provided_by_several_members_together(community: Community) -> None:
    for activity in community.activities.values():
        assert len(activity.providers) >= 2, activity.id


def test_a_panel_finds_five_judges_of_the_host_circle_at_every_activity(
    community: Community,
) -> None:
    for activity in community.activities.values():
        present = [row for row in community.attending[activity.id] if row.confirmed]
        peers = [row for row in present if row.role is Role.PARTICIPANT]
        assert len(peers) >= 7, activity.id


def test_nobody_provides_an_activity_from_which_they_are_absent(community: Community) -> None:
    rows = [row for row in community.attendance if row.role is Role.CO_PROVIDER]
    assert all(row.confirmed for row in rows)


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        (
            "people.csv",
            "ke-secondary,enquiring-classrooms,2023-09-01",
            "ke-primary,enquiring-classrooms,2023-09-01",
            "people.csv, row 2, column context",
            "'ke-primary' is not known",
        ),
        (
            "people.csv",
            "2023-09-01,degree,my Form",
            "1 Sept 2023,degree,my Form",
            "people.csv, row 2, column joined",
            "not a date",
        ),
        (
            "people.csv",
            "amina.wanjiru@nakuru-day.example",
            "amina.wanjiru@nakuru-day.ke",
            "people.csv, row 2, column email",
            ".example",
        ),
        (
            "people.csv",
            "person,name,email",
            "person,email,name",
            "people.csv, row 1",
            "The columns must be",
        ),
        (
            "attendance.csv",
            "A01,gareth-pritchard,co_provider,yes",
            "A01,gareth-pritchard,co_provider",
            "attendance.csv, row 2",
            "4 cells are expected and 3",
        ),
        (
            "attendance.csv",
            "A01,gareth-pritchard,co_provider,yes",
            "A01,gareth-pritchard,participant,yes",
            "attendance.csv, row 2, column role",
            "otherwise",
        ),
        (
            "attendance.csv",
            "A01,gareth-pritchard,co_provider,yes",
            "A01,gareth-pritchard,co_provider,perhaps",
            "attendance.csv, row 2, column confirmed",
            "Yes or no",
        ),
        (
            "activities.yaml",
            "dates: [2023-10-04, 2023-10-04]",
            "dates: [2023-10-04, 2023-10-03]",
            "activities.yaml, A02, entry dates",
            "before the first",
        ),
        (
            "activities.yaml",
            "    judged_level: below",
            "    judged_levl: below",
            "activities.yaml, A02, entry judged_levl",
            "not known here",
        ),
        (
            "activities.yaml",
            "repeats: A02",
            "repeats: A01",
            "activities.yaml, A12, entry repeats",
            "below the level",
        ),
        (
            "achievements.yaml",
            "credits: 2.5",
            "credits: 2.55",
            "achievements.yaml, webinar-response, entry credits",
            "such as 2.5",
        ),
        (
            "achievements.yaml",
            "rubric: dialogue",
            "rubric: dialog",
            "achievements.yaml, webinar-response, entry rubric",
            "'dialog' is not known",
        ),
        (
            "evidence.yaml",
            "wanted to know something modest about {focus}",
            "wanted to know something modest about {focsu}",
            "evidence.yaml, groups, enquiry, entry opening 2",
            "in braces",
        ),
        (
            "comments.yaml",
            "  question: The question is small",
            "  questions: The question is small",
            "comments.yaml, praise, entry question",
            "missing",
        ),
        (
            "story.yaml",
            "conferred: amina-wanjiru",
            "conferred: amina",
            "story.yaml, entry conferred",
            "'amina' is not known",
        ),
    ],
)
def test_a_bad_entry_is_named_by_file_row_and_column(
    folder: Path, file: str, old: str, new: str, place: str, words: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Malformed) as refused:
        load(folder)
    assert refused.value.place == place
    assert words in refused.value.sentence


def test_a_person_listed_twice_is_named(folder: Path) -> None:
    path = folder / "people.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(Malformed) as refused:
        load(folder)
    assert refused.value.place == f"people.csv, row {len(lines) + 1}, column person"


def test_an_entry_given_twice_is_named_by_its_line(folder: Path) -> None:
    path = folder / "story.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "conferred: amina-wanjiru\n", "utf-8")
    with pytest.raises(Malformed, match=r"story\.yaml, line \d+: 'conferred' is given twice"):
        load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "circles.csv").unlink()
    with pytest.raises(Malformed, match=r"circles\.csv: The file cannot be read"):
        load(folder)
