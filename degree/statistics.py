"""The figures of a programme as its registrars see them: bars with numbers, without small groups.

Nobody is to be recognised: a group of fewer than SMALLEST members is told with others or not at
all, and so are amounts of fewer than SMALLEST members.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from degree.cohort.summary import ANSWERS, DAYS_OF_A_YEAR, reason_text, rules_text, titles_of
from degree.rules.exact import CreditUnit, amount_in, number_in
from degree.rules.explain import Answer
from degree.rules.figures import Figures, Missing, Spread, without_small_groups
from degree.rules.programme import Programme
from degree.rules.saying import spoken

SMALLEST: Final = 5  # members
_NO_AWARD: Final = "No award yet"
_NO_CLASS: Final = "Without a class"
_SMALL_GROUPS: Final = "Small groups together"
MOST_RULES: Final = 10  # bars of what is missing, for each award


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: `members` of those of the chart, and what is missing to them at the median."""

    label: str
    members: int
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars over the same members; `whole` is how many these are. `hidden` were too few to tell."""

    bars: tuple[Bar, ...]
    whole: int
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quartiles:
    """Three amounts in words: what a quarter, a half and three quarters do not exceed."""

    label: str
    lower: str
    median: str
    upper: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFigures:
    """What is told of one award; charts without bars and lists without entries are left out."""

    id: str
    title: str
    classes: Chart
    years: Chart
    missing: Chart
    counted: tuple[Quartiles, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFigures:
    """What is told of one programme; `members` 0 where they are too few to tell anything."""

    id: str
    title: str
    members: int
    answers: Chart
    awards: Chart
    reasons: Chart
    by_award: tuple[AwardFigures, ...]


def told(figures: Figures, versions: Iterable[Programme]) -> ProgrammeFigures:
    """The figures of one programme, whose newest version comes last."""
    programmes = tuple(versions)
    newest, titles = programmes[-1], titles_of(programmes)
    awards = {titles.get(id_, id_) if id_ else _NO_AWARD: n for id_, n in figures.awards.items()}
    enough = figures.members >= SMALLEST
    return ProgrammeFigures(
        id=newest.id,
        title=newest.title,
        members=figures.members if enough else 0,
        answers=_parts({ANSWERS[each]: figures.answers[each] for each in Answer}),
        awards=_parts(
            {name: awards[name] for name in (*titles.values(), _NO_AWARD) if name in awards}
        ),
        reasons=_overlapping(
            [Bar(label=reason_text(why), members=n) for why, n in figures.reasons.most_common()],
            figures.members,
        ),
        by_award=tuple(
            _of_award(figures, award, title, newest.unit) for award, title in titles.items()
        ),
    )


def _of_award(figures: Figures, award: str, title: str, unit: CreditUnit) -> AwardFigures:
    classes = {
        spoken(class_) if class_ else _NO_CLASS: members
        for (id_, class_), members in figures.classes.items()
        if id_ == award
    }
    days, counted = figures.days.get(award, Spread()), figures.credits.get(award, Spread())
    spreads = [
        (spoken(bucket), spread)
        for (id_, bucket), spread in figures.buckets.items()
        if id_ == award
    ]
    return AwardFigures(
        id=award,
        title=title,
        classes=_parts(classes if classes.keys() - {_NO_CLASS} else {}),
        years=_parts(_by_year(days)),
        missing=_overlapping(
            [_missing(rules, each, unit) for rules, each in figures.most_missing(award)],
            figures.members,
        ),
        counted=tuple(
            _quartiles(label, spread, lambda amount: number_in(unit, amount))
            for label, spread in (("", counted), *spreads)
            if spread.members >= SMALLEST
        ),
    )


def _by_year(days: Spread) -> Mapping[str, int]:
    """How many needed less than one year, less than two, and so on."""
    if not days.members:
        return {}
    longest = int(max(days.times) / DAYS_OF_A_YEAR)
    edges = [round(year * DAYS_OF_A_YEAR) for year in range(longest + 2)]
    found = {
        f"{year} to {year + 1}": days.within(edges[year], edges[year + 1])
        for year in range(longest + 1)
    }
    return {label: members for label, members in found.items() if members}


def _missing(rules: tuple[str, ...], missing: Missing, unit: CreditUnit) -> Bar:
    short = missing.short
    much = amount_in(unit, short.median) if short.members >= SMALLEST else ""
    return Bar(label=rules_text(rules), members=missing.members, short=much)


def _parts(groups: Mapping[str, int]) -> Chart:
    """A chart of groups that no member is in twice."""
    some = {label: members for label, members in groups.items() if members}
    bars = tuple(
        Bar(label=label or _SMALL_GROUPS, members=members)
        for label, members in without_small_groups(some, least=SMALLEST)
    )
    return Chart(bars=bars, whole=sum(some.values()), hidden=bool(some) and not bars)


def _overlapping(bars: list[Bar], whole: int) -> Chart:
    """A chart of groups that a member may be in several of: small ones are left out."""
    kept = tuple(bar for bar in bars if bar.members >= SMALLEST)
    return Chart(bars=kept[:MOST_RULES], whole=whole, hidden=len(kept) < len(bars))


def _quartiles(label: str, spread: Spread, text: Callable[[int], str]) -> Quartiles:
    lower, median, upper = (text(spread.quartile(number)) for number in (1, 2, 3))
    return Quartiles(label=label, lower=lower, median=median, upper=upper, members=spread.members)
