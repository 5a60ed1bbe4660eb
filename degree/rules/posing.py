"""Poses an award's question over a wallet: options and rows. Nothing is decided here.

A `Case` is one wallet before one version of a programme, with the concessions that apply; what
every award needs to know of its records is worked out once.
"""

from dataclasses import replace
from datetime import date
from itertools import combinations

from degree.rules.across import write_across
from degree.rules.asking import write_award
from degree.rules.case import Case
from degree.rules.marks import write_class, write_condonement
from degree.rules.programme import Award, Class
from degree.rules.registration import last_day
from degree.rules.rows import Option, Problem
from degree.rules.writing import Writing


def outline_for(case: Case, award: Award) -> Problem:
    """The award's own rows alone: enough to see that far too little is there.

    Buckets are numbered by name: the order in which a file lists them must decide nothing.
    """
    parts = sorted(award.parts, key=lambda part: part.bucket.name)
    award = replace(award, parts=tuple(parts))
    writing = Writing(case, award, _options(case, award))
    write_award(writing)
    return writing.problem()


def completed(outline: Problem, case: Case) -> Problem:
    """An outline with the rows that look across buckets."""
    writing = Writing(case, outline.award, outline.options, begun=outline)
    write_across(writing)
    write_condonement(writing)
    return writing.problem()


def problem_for(case: Case, award: Award) -> Problem:
    """The award's whole question over the records of the case."""
    return completed(outline_for(case, award), case)


def classed(problem: Problem, case: Case, class_: Class) -> Problem:
    """The same question, with what a class of the award asks besides."""
    writing = Writing(case, problem.award, problem.options, begun=problem)
    write_class(writing, class_)
    return writing.problem()


def deadline(case: Case, award: Award) -> date:
    """The last day on which an activity may have ended to count."""
    name, years = f"{award.path}.max_registration_years", award.max_registration_years
    if years is None or case.relief.waives(name):
        return date.max
    granted = case.relief.amount(name)
    years = years if granted is None else int(granted)
    return last_day(case.wallet.registered, years=years, interruptions=case.wallet.interruptions)


def _options(case: Case, award: Award) -> tuple[tuple[Option, ...], ...]:
    found: list[list[Option]] = [[] for _ in case.records]
    last = deadline(case, award)
    for number, part in enumerate(award.parts):
        alone = (number,)
        for record in case.taken(part.bucket):
            if case.records[record].activity_end <= last:
                found[record].append(alone)
    pairs = _pairs(case, award)
    if pairs:
        for options in found:
            both = [(one, other) for (one,), (other,) in combinations(options, 2)]
            options += [pair for pair in both if pair in pairs]
    return tuple(map(tuple, found))


def _pairs(case: Case, award: Award) -> frozenset[tuple[int, int]]:
    """The buckets of the award that one badge may fill together."""
    rule = case.programme.sharing
    if rule is None or rule.max_badges == 0:
        return frozenset()
    return frozenset(
        (first, second)
        for (first, one), (second, other) in combinations(enumerate(award.parts), 2)
        if rule.between is None or frozenset({one.bucket.name, other.bucket.name}) in rule.between
    )
