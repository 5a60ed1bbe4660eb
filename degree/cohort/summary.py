"""The statistics of a cohort, for a terminal."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from degree.rules.exact import credits_text
from degree.rules.explain import ATTESTED, Answer
from degree.rules.figures import Figures, Missing, Spread
from degree.rules.programme import Programme
from degree.rules.saying import spoken, title
from degree.rules.standing import SEARCH, STATUS, YEARS

MOST_MISSING: Final = 10  # rules told of each award
DAYS_OF_A_YEAR: Final = 365.25
ANSWERS: Final = {
    Answer.SATISFIED: "An award is earned",
    Answer.NOT_SATISFIED: "No award yet",
    Answer.UNDECIDED: "Before the board",
}
_REASONS: Final = {
    STATUS: "a badge whose status could not be checked",
    YEARS: "missed registration years",
    SEARCH: "the search reached its limit",
}
_ON_MISSING: Final = (
    "Missing is what the proof of a no names: rules that no placing of the badges can keep.",
    "One member can lack several; who missed too many years is counted there, whatever else is",
    "missing.",
)


def reason_text(reason: str) -> str:
    """Why an award is undecided, in words."""
    return _REASONS.get(reason) or f"the word on {spoken(reason.removeprefix(ATTESTED))}"


def rules_text(rules: Iterable[str]) -> str:
    """Rules that a wallet cannot keep together, by what they are about."""
    said = list(dict.fromkeys(title(rule) for rule in rules))
    return " with ".join([*said[:1], *(each[:1].lower() + each[1:] for each in said[1:])])


def years_text(days: int) -> str:
    """Days as years with one decimal."""
    return f"{days / DAYS_OF_A_YEAR:.1f}"


def titles_of(programmes: Iterable[Programme]) -> Mapping[str, str]:
    """The titles of awards by id, as the newest version that has them says; its order first."""
    newest = sorted(programmes, key=lambda each: each.in_force_from, reverse=True)
    titles: dict[str, str] = {}
    for programme in newest:
        for award in programme.awards:
            titles.setdefault(award.id, award.title)
    return titles


def summary(figures: Figures, *, unread: int, titles: Mapping[str, str]) -> str:
    """All figures, a line for each; credits are UK credits, `titles` of awards by id."""
    lines = [
        f"{figures.members} decided" + (f", {unread} could not be read" if unread else ""),
    ]
    lines += _counted("Answers", {ANSWERS[each]: figures.answers[each] for each in Answer})
    lines += _counted("Awards", _awards(figures, titles))
    lines += _counted(
        "Undecided because of", {reason_text(each): n for each, n in figures.reasons.items()}
    )
    for award, name in titles.items():
        lines += _of_award(figures, award, name)
    if any(figures.most_missing(award) for award in titles):
        lines += ("", *_ON_MISSING)
    return "\n".join(lines) + "\n"


def _awards(figures: Figures, titles: Mapping[str, str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for award, name in titles.items():
        found[name] = figures.awards[award]
        for (id_, class_), members in figures.classes.items():
            if id_ == award and class_ is not None:
                found[f"  {name}, {spoken(class_)}"] = members
    return {**found, "No award": figures.awards[None]}


def _of_award(figures: Figures, award: str, name: str) -> Iterable[str]:
    rows = []
    if award in figures.days:
        rows.append(_spread("years to the award", figures.days[award], years_text))
    if award in figures.credits:
        rows.append(_spread("credits counted", figures.credits[award], credits_text))
    for (id_, bucket), spread in figures.buckets.items():
        if id_ == award:
            rows.append(_spread(f"credits in {spoken(bucket)}", spread, credits_text))
    if rows:
        yield from ("", f"{f'{name}:':42} {'lower ¼':>8} {'median':>8} {'upper ¼':>8}  members")
        yield from rows
    missing = figures.most_missing(award)
    if missing:
        yield from ("", f"Most often missing for the {name}:")
        yield from (_missing(rules, each) for rules, each in missing[:MOST_MISSING])
        if len(missing) > MOST_MISSING:
            yield f"  and {len(missing) - MOST_MISSING} more"


def _spread(name: str, spread: Spread, text: Callable[[int], str]) -> str:
    amounts = " ".join(f"{text(spread.quartile(number)):>8}" for number in (1, 2, 3))
    return f"  {name:40} {amounts}  {spread.members:7}"


def _missing(rules: tuple[str, ...], missing: Missing) -> str:
    short = missing.short
    much = f", {credits_text(short.median)} credits at the median" if short.members else ""
    return f"  {missing.members:7}  {rules_text(rules)}{much}\n           {', '.join(rules)}"


def _counted(heading: str, counts: Mapping[str, int]) -> Iterable[str]:
    if any(counts.values()):
        yield from ("", heading)
        yield from (f"  {members:7}  {name}" for name, members in counts.items() if members)
