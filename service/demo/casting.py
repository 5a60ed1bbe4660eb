"""Who takes part when the community is smaller or larger than the one in the files."""

import unicodedata
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from service.charter.circles import Circle
from service.demo.community import Activity, Aim, Attendance, Community, Person, Role
from vc.errors import Malformed

# Judges meet the same author twice a year at most: below 40 members some panels of five cannot be
# seated, and with fewer than these most cannot.
FEWEST = 24
MOST = 2_000

# Fewer than these cannot make a quorum of three when one of them is away.
FEWEST_PRESENT = 4

# When composed people join; most are there from the beginning, as in people.csv.
WAVES = (date(2023, 9, 18), date(2023, 9, 18), date(2024, 9, 9), date(2025, 9, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The members by handle, and who attends what; activities that nobody can hold are left out."""

    people: Mapping[str, Person]
    attending: Mapping[str, tuple[Attendance, ...]]


def cast(community: Community, *, members: int, seed: int) -> Cast:
    """The first of each circle in the files' order, then composed people, evenly by circle.

    Raises Malformed when there are too few or too many.
    """
    if not FEWEST <= members <= MOST:
        sentence = f"From {FEWEST} to {MOST} members can be played, not {members}."
        raise Malformed("demo-members", sentence, place="--members")
    rng = Random(f"{seed}/cast")  # noqa: S311  # a story is no secret
    people: dict[str, Person] = {}
    composed: list[Person] = []
    circles = tuple(community.circles.values())
    for number, circle in enumerate(circles):
        wanted = members // len(circles) + (number < members % len(circles))
        known = [person for person in community.people.values() if person.circle == circle.id]
        people |= {person.handle: person for person in known[:wanted]}
        for _ in range(wanted - len(known)):
            person = _composed(circle, community, taken={*community.people, *people}, rng=rng)
            people[person.handle] = person
            composed.append(person)
    attending = _seated(community, people)
    for person in composed:
        for activity in _attended(person, community.activities.values(), rng):
            row = Attendance(
                activity=activity, person=person.handle, role=Role.PARTICIPANT, confirmed=True
            )
            attending[activity].append(row)
    return Cast(
        people=people,
        attending={activity: tuple(rows) for activity, rows in attending.items() if _held(rows)},
    )


def _seated(community: Community, people: Mapping[str, Person]) -> dict[str, list[Attendance]]:
    """The attendance of the files, in which others of the same circle stand in for the absent.

    Only those with few obligations stand in: what leads to a diploma or degree is not changed.
    """
    free = [p for p in people.values() if p.aim in (Aim.CERTIFICATE, Aim.PRACTICE)]
    turns = {circle: deque(p for p in free if p.circle == circle) for circle in community.circles}
    attending: dict[str, list[Attendance]] = {}
    for activity, rows in community.attending.items():
        present = {row.person for row in rows if row.person in people}
        attending[activity] = seated = [row for row in rows if row.person in people]
        for row in rows:
            if row.person not in people:
                turn = turns[community.people[row.person].circle]
                starts = community.activities[activity].starts
                able = (p for p in turn if p.handle not in present and p.joined <= starts)
                if stand_in := next(able, None):
                    turn.remove(stand_in)
                    turn.append(stand_in)
                    present.add(stand_in.handle)
                    seated.append(replace(row, person=stand_in.handle))
    return attending


def _held(rows: Sequence[Attendance]) -> bool:
    """Whether somebody provides it, and enough others are there to judge it."""
    present = sum(row.confirmed and row.role is Role.PARTICIPANT for row in rows)
    provided = any(row.role is Role.CO_PROVIDER for row in rows)
    return provided and present >= FEWEST_PRESENT


def _composed(circle: Circle, community: Community, *, taken: Iterable[str], rng: Random) -> Person:
    context = rng.choice(circle.contexts)
    origin = community.names.origins[context]
    name = f"{rng.choice(origin.given)} {rng.choice(origin.family)}"
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    handle = first = "-".join(plain.replace("'", "").split())
    number = 1
    while handle in taken:
        number += 1
        handle = f"{first}-{number}"
    return Person(
        handle=handle,
        name=name,
        email=f"{handle.replace('-', '.')}@{context}.example",
        context=context,
        circle=circle.id,
        joined=rng.choice(WAVES),
        aim=Aim.PRACTICE,
        learners=rng.choice(origin.learners),
        setting=rng.choice(origin.setting),
        profile=rng.choice(community.names.profiles),
    )


def _attended(person: Person, activities: Iterable[Activity], rng: Random) -> Sequence[str]:
    """A handful of activities in each year of membership."""
    possible = [activity.id for activity in activities if activity.starts >= person.joined]
    return rng.sample(possible, k=min(len(possible), 2 + len(possible) // 6))
