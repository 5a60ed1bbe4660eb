"""What if: a wallet with badges that nobody has, or without one that somebody has.

Nothing here is kept, and a decision on such a wallet says that it is hypothetical.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from degree.evidence import Offer
from degree.rules.drafting import COMMON_LEVEL
from degree.rules.exact import credits_text
from degree.rules.ideals import fitting, trusted
from degree.rules.programme import Programme
from degree.rules.records import Judge, Record, Role, Status, Wallet
from degree.rules.saying import spoken
from degree.rules.steps import Step
from vc.errors import Missing

MOST: Final = 8  # badges in one question: a digit in the names of its fields
NEW: Final = "new"  # a context that no badge of the member comes from
PART: Final = "part:"  # before the name of a bucket
_BEGIN: Final = "urn:learnometer:supposed"  # every id and label that is made up here


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A badge that the member does not have.

    `what` is a part of the programme (`part:` and its bucket), the id of an offer, or "" for any
    badge. What is None follows from that. `context` is a code or `new`.
    """

    what: str = ""
    credits_tenths: int | None = None
    level: int | None = None
    role: Role | None = None
    rpl: bool = False
    mark: int | None = None
    context: str = ""
    other_circle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What if: these badges were earned, and the one with the id `without` were revoked.

    `award` is the one to plan for, "" for the next above the earned.
    """

    badges: tuple[Supposed, ...] = ()
    without: str = ""
    award: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is supposed."""
        return bool(self.badges or self.without)


def supposed(
    wallet: Wallet, question: Question, programme: Programme, offers: Iterable[Offer], today: date
) -> Wallet:
    """The wallet as it would be. Raises Missing: no such badge, part or offer."""
    if question.without and question.without not in {each.id for each in wallet.records}:
        raise Missing("badge", "None of your badges has this address.", place="without")
    known = {each.id: each for each in offers}
    records = [
        replace(record, status=Status.REVOKED) if record.id == question.without else record
        for record in wallet.records
    ]
    home = _home(wallet)
    records += (
        _record(badge, number, programme, known, home, today)
        for number, badge in enumerate(question.badges, 1)
    )
    return replace(wallet, records=tuple(records))


def as_supposed(step: Step) -> tuple[Supposed, ...]:
    """The badges of a plan's step, as far as they can be asked about."""
    return tuple(
        Supposed(
            what=f"{PART}{step.buckets[0]}",
            credits_tenths=badge.credits_tenths,
            level=step.level,
            rpl=badge.rpl,
            mark=badge.mark,
            context=NEW if badge.contexts else "",
            other_circle=bool(badge.circle),
        )
        for badge in step.badges
    )


def named(badge: Supposed, titles: Mapping[str, str]) -> str:
    """A supposed badge in a few words; `titles` are those of offers, by id."""
    if badge.what.startswith(PART):
        what = spoken(badge.what.removeprefix(PART)).capitalize()
    else:
        what = titles.get(badge.what, badge.what) or "Any badge"
    if badge.credits_tenths is None:
        return what
    return f"{what}, {credits_text(badge.credits_tenths)} credits"


def told_apart(records: Iterable[Record]) -> dict[str, str]:
    """The title of each badge by its id; with its day where others have the same."""
    known = tuple(records)
    often = Counter(record.title for record in known)
    return {
        record.id: f"{record.title}, {record.issued:%-d %B %Y}"
        if often[record.title] > 1
        else record.title
        for record in known
    }


def _record(
    badge: Supposed,
    number: int,
    programme: Programme,
    offers: Mapping[str, Offer],
    home: str,
    today: date,
) -> Record:
    record = _begun(badge, number, programme, offers, today)
    gate = programme.gate
    judges = (f"{_BEGIN}:judge:{number}:{each + 1}" for each in range(gate.min_endorsers))
    level = max(gate.endorser_level, COMMON_LEVEL)
    tenths = record.credits_tenths if badge.credits_tenths is None else badge.credits_tenths
    context = f"{_BEGIN}:context:{number}" if badge.context == NEW else badge.context
    return replace(
        record,
        id=f"{_BEGIN}:{number}",
        credits_tenths=tenths,
        level=record.level if badge.level is None else badge.level,
        role=record.role if badge.role is None else badge.role,
        rpl=record.rpl or badge.rpl,
        mark=record.mark if badge.mark is None else badge.mark,
        circle=f"{_BEGIN}:circle:{number}" if badge.other_circle else record.circle or home,
        contexts=record.contexts | ({context} if context else frozenset()),
        judges=tuple(Judge(name, level=level) for name in judges),
        hypothetical=True,
    )


def _begun(
    badge: Supposed,
    number: int,
    programme: Programme,
    offers: Mapping[str, Offer],
    today: date,
) -> Record:
    """A badge as the part of the programme asks for it, or as it is offered."""
    plain = Record(
        id="",
        title=f"Supposed badge {number}",
        issuer=min(trusted(programme, today=today), default=""),
        credits_tenths=0,
        level=COMMON_LEVEL,
        activity_start=today,
        activity_end=today,
        issued=today,
        status=Status.VALID,
    )
    if not badge.what:
        return plain
    if badge.what.startswith(PART):
        return _fitting(badge.what.removeprefix(PART), plain, number, programme, today)
    if badge.what not in offers:
        sentence = f"Badge {number}: what was chosen is not on offer."
        raise Missing("offer", sentence, place=f"what{number}")
    offer = offers[badge.what]
    return replace(offer.earned_as(plain), title=f"{offer.title} (supposed)")


def _fitting(name: str, plain: Record, number: int, programme: Programme, today: date) -> Record:
    buckets = programme.listed_buckets
    if name not in buckets:
        sentence = f"Badge {number}: the programme has no part “{name}”."
        raise Missing("part", sentence, place=f"what{number}")
    ideal = fitting(programme, buckets[name], today=today)
    record = ideal.record(day=today, best_mark=False) if ideal else plain
    return replace(record, title=f"{plain.title}: {spoken(name)}")


def _home(wallet: Wallet) -> str:
    """The circle from which most of the member's badges come."""
    circles = Counter(record.circle for record in wallet.records if record.circle)
    return circles.most_common(1)[0][0] if circles else ""
