"""What happens to badges after they were earned: some are withdrawn, and links are opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from service.demo.community import Person
from service.demo.contributions import Contribution
from service.demo.judging import moment
from service.demo.story import Opening, Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """That the badge for a contribution is revoked or suspended."""

    contribution: Contribution
    reason: str
    at: datetime
    by_audit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """That a reader opens a share link with the badges for some contributions."""

    person: Person
    reader: str
    purpose: str
    at: datetime
    contributions: tuple[Contribution, ...]


_Badges = Mapping[str, Sequence[Contribution]]


def withdrawn(
    withdrawals: Iterable[Withdrawal], badges: _Badges, rng: Random
) -> tuple[Withdrawn, ...]:
    """One badge of each person named, chosen by lot; who is not in the cast is left out."""
    return tuple(
        Withdrawn(
            contribution=rng.choice(badges[each.person]),
            reason=each.reason,
            at=moment(each.on, rng),
            by_audit=each.by_audit,
        )
        for each in withdrawals
        if each.person in badges
    )


def shared(
    openings: Iterable[Opening], badges: _Badges, revocations: Iterable[Withdrawn], rng: Random
) -> tuple[Shared, ...]:
    """The largest badges of each person; one that was revoked stays in the link."""
    revoked = {each.contribution.id for each in revocations}
    return tuple(
        Shared(
            person=badges[each.person][0].author,
            reader=each.reader,
            purpose=each.purpose,
            at=moment(each.on, rng),
            contributions=tuple(
                sorted(
                    badges[each.person],
                    key=lambda one: (one.id not in revoked, -one.achievement.credits_tenths),
                )[: each.badges]
            ),
        )
        for each in openings
        if each.person in badges
    )
