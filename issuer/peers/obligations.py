"""What a member owes the community in each membership year: activities joined and co-provided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from issuer.peers.activity import Part
from issuer.peers.policy import ObligationRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """A member's confirmed part in an activity, dated by the day on which it ended."""

    activity: str
    part: Part
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipYear:
    """One year from the day of joining: `begins` belongs to it, `ends` to the next."""

    number: int
    begins: date
    ends: date
    joined: int
    co_provided: int
    met: bool
    sentence: str


def membership_years(
    engagements: Iterable[Engagement], *, joined: date, today: date, rule: ObligationRule
) -> tuple[MembershipYear, ...]:
    """Every membership year up to today, the running one last.

    An activity counts once: as co-provided when the member provided it, else as joined.
    """
    known = list(engagements)
    years = []
    number = 1
    while (begins := _anniversary(joined, number - 1)) <= today:
        ends = _anniversary(joined, number)
        years.append(_year(number, begins, ends, known, rule))
        number += 1
    return tuple(years)


def _year(
    number: int, begins: date, ends: date, known: Iterable[Engagement], rule: ObligationRule
) -> MembershipYear:
    within = [engagement for engagement in known if begins <= engagement.on < ends]
    provided = {e.activity for e in within if e.part is not Part.PARTICIPANT}
    joined = {e.activity for e in within} - provided
    return MembershipYear(
        number=number,
        begins=begins,
        ends=ends,
        joined=len(joined),
        co_provided=len(provided),
        met=len(joined) >= rule.joined and len(provided) >= rule.co_provided,
        sentence=f"{len(joined)} of {rule.joined} joined, "
        f"{len(provided)} of {rule.co_provided} provided with others",
    )


def _anniversary(joined: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March in other years."""
    try:
        return joined.replace(year=joined.year + years)
    except ValueError:
        return date(joined.year + years, 3, 1)
