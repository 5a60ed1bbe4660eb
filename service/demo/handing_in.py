"""Who hands in what: each member by aim, from what they attended."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from service.charter.menu import Achievement
from service.demo.casting import Cast
from service.demo.community import Activity, Aim, Attendance, Community, Person, Role

# A certificate asks for 60 credits in all, of which 10 for reflective practice and 5 for ethics.
# No judge may stand behind more than 34 %, which needs small badges and some to spare.
CERTIFICATE_TENTHS = 800
CERTIFICATE_LARGEST_TENTHS = 100
REFLECTIVE_TENTHS = 100
ETHICS_TENTHS = 50

# Those who come for the practice stay below the 60 credits of a certificate.
PRACTICE_TENTHS = 575

# How many contributions they hand in, and how often each number occurs.
PRACTICE_NUMBERS = (1, 2, 3, 4, 5, 6, 7, 8)
PRACTICE_WEIGHTS = (16, 12, 7, 3, 1, 1, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """That a person may hand in a contribution to an activity, and what can be earned with it."""

    activity: Activity
    achievement: Achievement
    role: Role


def handed_in(person: Person, community: Community, cast: Cast, *, seed: int) -> tuple[Chance, ...]:
    """What `person` hands in, in the order in which the activities ended."""
    chances = [
        Chance(activity=activity, achievement=community.earned(activity.id), role=row.role)
        for activity in community.activities.values()
        for row in cast.attending.get(activity.id, ())
        if row.person == person.handle and _may_hand_in(person, row, community)
    ]
    rng = Random(f"{seed}/{person.handle}/handing in")  # noqa: S311  # a story is no secret
    rng.shuffle(chances)
    match person.aim:
        case Aim.DEGREE | Aim.DIPLOMA:
            chosen = chances
        case Aim.CERTIFICATE:
            chosen = _for_a_certificate(chances)
        case Aim.PRACTICE:
            chosen = _for_the_practice(chances, rng)
    return tuple(sorted(chosen, key=lambda chance: (chance.activity.ends, chance.activity.id)))


def _may_hand_in(person: Person, row: Attendance, community: Community) -> bool:
    """Readers of a capstone and hosts of a round of claims have work to do, and none to hand in."""
    activity = community.activities[row.activity]
    participant = row.role is Role.PARTICIPANT
    if not (row.confirmed and activity.at_level):
        return False
    if community.earned(activity.id).kind == "capstone":
        return participant and person.aim is Aim.DEGREE
    return participant or activity.level_ballot


def _for_a_certificate(chances: Sequence[Chance]) -> list[Chance]:
    small = [c for c in chances if c.achievement.credits_tenths <= CERTIFICATE_LARGEST_TENTHS]
    chosen: list[Chance] = []
    for tag, enough in (("reflective_practice", REFLECTIVE_TENTHS), ("ethics", ETHICS_TENTHS)):
        fitting = [chance for chance in small if tag in chance.achievement.tags]
        _add(chosen, fitting, enough=enough)
    rest = [chance for chance in small if chance not in chosen]
    _add(chosen, rest, enough=CERTIFICATE_TENTHS - _credits(chosen))
    return chosen


def _add(chosen: list[Chance], offered: Sequence[Chance], *, enough: int) -> None:
    gained = 0
    for chance in offered:
        if gained >= enough:
            return
        chosen.append(chance)
        gained += chance.achievement.credits_tenths


def _for_the_practice(chances: Sequence[Chance], rng: Random) -> list[Chance]:
    """A few things; first what was provided or claimed, since that is rarely left lying."""
    number = rng.choices(PRACTICE_NUMBERS, weights=PRACTICE_WEIGHTS)[0]
    number = min(number, len(chances) // 2 + 1)
    chosen: list[Chance] = []
    for chance in sorted(chances, key=_urgency):
        doubled = _is_claim(chance) and any(map(_is_claim, chosen))
        within = _credits([*chosen, chance]) <= PRACTICE_TENTHS
        if len(chosen) < number and within and not doubled:
            chosen.append(chance)
    return chosen


def _urgency(chance: Chance) -> int:
    return 0 if _is_claim(chance) or chance.role is Role.CO_PROVIDER else 1


def _is_claim(chance: Chance) -> bool:
    return not chance.activity.level_ballot


def _credits(chances: Sequence[Chance]) -> int:
    return sum(chance.achievement.credits_tenths for chance in chances)
