"""The example community: who they are, what they did together, and what can be earned for it.

`load(folder)` reads examples/community and checks that its files agree with one another. What
members and judges write is in phrases.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from service.charter.circles import Circle, Context, read_circles, read_contexts
from service.charter.menu import Achievement, Rubric, read_achievements, read_rubrics
from service.charter.reading import Entry, table, tree
from service.demo.phrases import Phrases, read_phrases
from service.demo.story import Names, Story, read_names, read_story
from vc.errors import Malformed


class Aim(StrEnum):
    """What a member wants of the badges."""

    DEGREE = "degree"
    DIPLOMA = "diploma"
    CERTIFICATE = "certificate"
    PRACTICE = "practice"


class Role(StrEnum):
    """What a member did in an activity."""

    PARTICIPANT = "participant"
    CO_PROVIDER = "co_provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member; `handle` is the name in these files, `learners` and `setting` are for sentences."""

    handle: str
    name: str
    email: str
    context: str
    circle: str
    joined: date
    aim: Aim
    learners: str
    setting: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a circle did together. The first of `circles` is the host.

    `level_ballot` is false where only portfolios are judged; `at_level` says how those present
    will see it; `repeats` names the activity below the level that this one replaces.
    """

    id: str
    title: str
    description: str
    achievement: str
    circles: tuple[str, ...]
    context: str
    starts: date
    ends: date
    providers: tuple[str, ...]
    themes: tuple[str, ...]
    focus: str
    reading: str
    moments: tuple[str, ...]
    level_ballot: bool
    at_level: bool
    repeats: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One person's part in one activity."""

    activity: str
    person: str
    role: Role
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Community:
    """All of it. Order is the files' order."""

    contexts: Mapping[str, Context]
    circles: Mapping[str, Circle]
    people: Mapping[str, Person]
    achievements: Mapping[str, Achievement]
    rubrics: Mapping[str, Rubric]
    activities: Mapping[str, Activity]
    attendance: tuple[Attendance, ...]
    phrases: Phrases
    names: Names
    story: Story

    @cached_property
    def attending(self) -> Mapping[str, tuple[Attendance, ...]]:
        """The attendance by activity."""
        by_activity: dict[str, list[Attendance]] = {activity: [] for activity in self.activities}
        for attendance in self.attendance:
            by_activity[attendance.activity].append(attendance)
        return {activity: tuple(rows) for activity, rows in by_activity.items()}

    def earned(self, activity: str) -> Achievement:
        """The achievement that an activity leads to."""
        return self.achievements[self.activities[activity].achievement]

    def level_rubric(self, activity: str) -> Rubric:
        """The level descriptor on which those present vote."""
        return self.rubrics[f"level-{self.earned(activity).level}"]


def load(folder: Path) -> Community:
    """The community in `folder`. Raises Malformed, which names file, row and column or entry."""
    contexts = read_contexts(folder / "contexts.csv")
    circles = read_circles(folder / "circles.csv", contexts=contexts)
    people = _people(folder / "people.csv", circles)
    rubrics = read_rubrics(folder / "rubrics")
    achievements = read_achievements(tree(folder / "achievements.yaml"), rubrics=rubrics)
    activities = _activities(
        tree(folder / "activities.yaml"), achievements=achievements, circles=circles, people=people
    )
    judging = [rubric for rubric in rubrics.values() if not rubric.is_level]
    return Community(
        contexts=contexts,
        circles=circles,
        people=people,
        achievements=achievements,
        rubrics=rubrics,
        activities=activities,
        attendance=_attendance(folder / "attendance.csv", activities, people),
        phrases=read_phrases(
            tree(folder / "evidence.yaml"),
            tree(folder / "comments.yaml"),
            kinds={achievement.kind for achievement in achievements.values()},
            criteria={criterion for rubric in judging for criterion in rubric.criteria},
        ),
        names=read_names(tree(folder / "names.yaml"), contexts=contexts),
        story=read_story(tree(folder / "story.yaml"), people=people),
    )


def _people(path: Path, circles: Mapping[str, Circle]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    texts = ("learners", "setting", "profile")
    columns = ("person", "name", "email", "context", "circle", "joined", "aim", *texts)
    for row in table(path, columns=columns):
        circle = circles[row.chosen("circle", circles)]
        person = Person(
            handle=row.new("person", found),
            name=row.text("name"),
            email=row.text("email"),
            context=row.chosen("context", circle.contexts),
            circle=circle.id,
            joined=row.date("joined"),
            aim=Aim(row.chosen("aim", tuple(Aim))),
            learners=row.text("learners"),
            setting=row.text("setting"),
            profile=row.text("profile"),
        )
        if not person.email.endswith(".example") or person.email.count("@") != 1:
            raise row.fault("email", "An address under .example is expected: nobody is written to.")
        found[person.handle] = person
    return found


def _activities(
    entry: Entry,
    *,
    achievements: Collection[str],
    circles: Mapping[str, Circle],
    people: Mapping[str, Person],
) -> dict[str, Activity]:
    found: dict[str, Activity] = {}
    contexts = {context for circle in circles.values() for context in circle.contexts}
    for each in entry.entries("activities"):
        starts, ends = each.dates("dates")
        activity = Activity(
            id=each.new("id", found),
            title=each.text("title"),
            description=each.text("description"),
            achievement=each.chosen("achievement", achievements),
            circles=each.all_chosen("circles", circles),
            context=each.chosen("context", contexts),
            starts=starts,
            ends=ends,
            providers=each.all_chosen("providers", people),
            themes=each.texts("themes"),
            focus=each.text("focus"),
            reading=each.text("reading"),
            moments=each.texts("moments"),
            level_ballot=each.flag("level_ballot") if "level_ballot" in each else True,
            at_level=_judged(each) != "below",
            repeats=each.chosen("repeats", found) if "repeats" in each else None,
        )
        each.done()
        if activity.repeats and found[activity.repeats].at_level:
            raise each.fault("repeats", "Only an activity below the level is repeated.")
        found[activity.id] = activity
    entry.done()
    return found


def _judged(entry: Entry) -> str:
    return entry.chosen("judged_level", ("below",)) if "judged_level" in entry else "at_level"


def _attendance(
    path: Path, activities: Mapping[str, Activity], people: Mapping[str, Person]
) -> tuple[Attendance, ...]:
    found: dict[tuple[str, str], Attendance] = {}
    for row in table(path, columns=("activity", "person", "role", "confirmed")):
        activity = activities[row.chosen("activity", activities)]
        person = people[row.chosen("person", people)]
        role = Role(row.chosen("role", tuple(Role)))
        if (activity.id, person.handle) in found:
            raise row.fault("person", f"{person.handle!r} is listed twice for {activity.id}.")
        if (role is Role.CO_PROVIDER) != (person.handle in activity.providers):
            raise row.fault("role", f"activities.yaml says otherwise of {person.handle!r}.")
        if person.joined > activity.starts:
            raise row.fault("person", f"{person.handle!r} joined after the activity had begun.")
        found[activity.id, person.handle] = Attendance(
            activity=activity.id,
            person=person.handle,
            role=role,
            confirmed=row.flag("confirmed"),
        )
    for activity in activities.values():
        for provider in activity.providers:
            if (activity.id, provider) not in found:
                sentence = f"The provider {provider!r} of {activity.id} is not listed."
                raise Malformed("community-table", sentence, place=path.name)
    return tuple(found.values())
