"""A decision in short, as far as statistics look at it: what it gave, and what is still missing.

What is missing comes from the proofs: rules of which no placing can keep all, and by how much.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from degree.rules.bench import Bench
from degree.rules.cuts import Cut
from degree.rules.explain import (
    ATTESTED,
    Answer,
    AwardAnswer,
    Because,
    Decision,
    Placement,
    Proof,
    Verdict,
)
from degree.rules.naming import placements_of
from degree.rules.nearest import as_much_as_fits
from degree.rules.posing import problem_for
from degree.rules.programme import Bound, Programme, Unit
from degree.rules.records import Record
from degree.rules.rule_paths import rule_of

STATUS: Final = "status"  # of a badge, which could not be checked
YEARS: Final = "years"
SEARCH: Final = "search"
_OBLIGATIONS: Final = "obligations"
_CREDITS: Final = re.compile(
    r"awards\.[^.]+\.(credits|rpl_cap|reuse_cap|(min_at|max_below)_level\.\d+"
    r"|buckets\.[^.]+(\.max_credits|\.max_below_level\.\d+)?)"
    r"|distinct\.[^.]+\.max_credits_each|(sharing|condonement)\.max_credits"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Rules of an award that the wallet cannot keep together, by path, sorted.

    `short` are the tenths of credit that are missing; None where it is no matter of credit alone.
    """

    award: str
    rules: tuple[str, ...]
    short: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One decision in short.

    `towards` is the award that was earned, else the lowest before the board, else the lowest that
    was tried; `counted` and `buckets` are the tenths of credit that count for it. `days` went by
    between the registration and the issue of the last badge that counts, where an award is earned.
    `reasons` are why awards are undecided: STATUS, YEARS, SEARCH, or `attested:` and a name.
    """

    answer: Answer
    award: str | None
    class_: str | None
    towards: str | None
    counted: int
    buckets: Mapping[str, int]
    days: int | None
    lacking: tuple[Lacking, ...]
    reasons: tuple[str, ...]


def standing(decision: Decision) -> Standing:
    """The decision in short, by the verdict that decides."""
    outcome, earned = decision.outcome, decision.outcome.earned
    records = {record.id: record for record in decision.wallet.records}
    nearest = earned or next(reversed(outcome.referred or outcome.awards), None)
    placed = _placed(decision, nearest) if nearest else ()
    counted = [records[each.record] for each in placed]
    best = earned.best_class if earned else None
    return Standing(
        answer=decision.answer,
        award=earned.award if earned else None,
        class_=best.id if best else None,
        towards=nearest.award if nearest else None,
        counted=sum(record.credits_tenths for record in counted),
        buckets=_buckets(outcome.programme, nearest, placed, records) if nearest else {},
        days=_days(decision, counted) if earned else None,
        lacking=tuple(_lacking(outcome)),
        reasons=_reasons(outcome),
    )


def _placed(decision: Decision, answer: AwardAnswer) -> tuple[Placement, ...]:
    """What counts; for an award that cannot be had all that fits side by side."""
    if answer.is_placed:
        return answer.counted
    outcome = decision.outcome
    bench = Bench.of(outcome, decision.wallet, today=decision.today)
    award = outcome.programme.award(answer.award)
    problem = problem_for(bench.case(hoping=False), award)
    return placements_of(problem, as_much_as_fits(problem))


def _buckets(
    programme: Programme,
    answer: AwardAnswer,
    placed: Iterable[Placement],
    records: Mapping[str, Record],
) -> Mapping[str, int]:
    found = {part.bucket.name: 0 for part in programme.award(answer.award).parts}
    for each in placed:
        for bucket in each.buckets:
            found[bucket] += records[each.record].credits_tenths
    return found


def _days(decision: Decision, counted: list[Record]) -> int | None:
    if not counted:
        return None
    last = max(record.issued for record in counted)
    return max(0, (last - decision.wallet.registered).days)


def _lacking(verdict: Verdict) -> Iterable[Lacking]:
    for answer in verdict.awards:
        if answer.answer is Answer.NOT_SATISFIED and answer.proof is not None:
            yield from dict.fromkeys(_proved(verdict.programme, answer.award, answer.proof))


def _proved(programme: Programme, award: str, proof: Proof) -> Iterable[Lacking]:
    if proof.years:
        yield Lacking(award=award, rules=(_OBLIGATIONS,))
    elif proof.cuts:
        coded = [each.path for each in programme.needs]
        coded += [each.path for each in programme.exclusions]
        for cut in proof.cuts:
            rules = tuple(sorted({rule_of(row, coded) for row in cut.rows}))
            yield Lacking(award=award, rules=rules, short=_short(programme, cut))
    else:
        yield Lacking(award=award, rules=proof.conflict)


def _short(programme: Programme, cut: Cut) -> int | None:
    """The credit that is missing, where a cut is of plain credit and nothing else."""
    plain = all(times == 1 and _of_credit(programme, row) for row, times in cut.rows.items())
    return cut.short if plain and not cut.whole else None


def _of_credit(programme: Programme, row: str) -> bool:
    """Whether a row is an amount of credit, by its name; other bounds say what they count."""
    if _CREDITS.fullmatch(rule_of(row, ())):
        return True
    return any(path == row and bound.unit is Unit.CREDITS for path, bound in _bounds(programme))


def _bounds(programme: Programme) -> Iterable[tuple[str, Bound]]:
    """Floors and ceilings over filters, by the names of their rows."""
    for award in programme.awards:
        yield from ((bound.path, bound) for bound in (*award.at_least, *award.at_most))
        for part in award.parts:
            for bound in (*part.bucket.at_least, *part.bucket.at_most):
                yield part.path_of(bound.path), bound


def _reasons(verdict: Verdict) -> tuple[str, ...]:
    said = (_because(each.because) for each in verdict.referred if each.because)
    return tuple(sorted(frozenset[str]().union(*said)))


def _because(because: Because) -> frozenset[str]:
    words = {each for each in because.pending if each.startswith(ATTESTED)}
    status = {STATUS} if len(words) < len(because.pending) else set()
    years = {YEARS} if because.years else set()
    return frozenset(words | status | years | ({SEARCH} if because.search else set()))
