"""Why an award cannot be had, in words: what is missing, or which rules conflict."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from degree.rules.concessions import relief
from degree.rules.cuts import Cut
from degree.rules.exact import CreditUnit, amount_in, number_in
from degree.rules.explain import Answer, AwardAnswer, Proof, Verdict
from degree.rules.laying_out import Finding, Layout
from degree.rules.registration import missed_years
from degree.rules.requirements import Choose, Filled, Held, Needed
from degree.rules.requiring import Lack, lacks
from degree.rules.rows import Counts, Problem, Row
from degree.rules.saying import (
    capital,
    heading,
    limit,
    listing,
    percent,
    says,
    small,
    title,
    told,
)
from degree.rules.saying_dimensions import dimension_of, one_of, stands_behind
from degree.rules.saying_left_out import in_the_way
from degree.rules.squeezing import Squeeze, squeeze

_MOST_NAMED: Final = 4  # judges and the like in one sentence


def refused(
    verdict: Verdict,
    answer: AwardAnswer,
    layout: Layout,
    *,
    today: date,
    unit: CreditUnit = CreditUnit.UK,
) -> tuple[str, ...]:
    """Why an award of a verdict is refused, and the missed years that the board would have to
    forgive besides; nothing for other answers."""
    if answer.proof is None or answer.answer is not Answer.NOT_SATISFIED:
        return ()
    rules = verdict.programme.obligations
    reasons = {left.record: in_the_way(left, layout.problem, unit) for left in layout.left_out}
    near = layout.in_the_way
    forgivable = rules.forgivable if rules else 0
    said = why_not(
        answer.proof, layout.asked, unit, forgivable=forgivable, reasons=reasons, broken=near
    )
    for each in layout.further:
        said += why_not(each, layout.problem, unit, reasons=reasons, broken=near)
    forgiven = relief(verdict.concessions).forgiven
    missed = missed_years(answer.years, today=today, forgiven=forgiven)
    if not missed or answer.proof.years:
        return tuple(dict.fromkeys(said))
    years = listing(map(str, missed))
    one = len(missed) == 1
    noun, was, them = ("year", "was", "it") if one else ("years", "were", "them")
    told = f"Registration {noun} {years} {was} missed: the board would have to forgive {them}."
    return (*dict.fromkeys(said), told)


def why_not(
    proof: Proof,
    problem: Problem,
    unit: CreditUnit = CreditUnit.UK,
    *,
    forgivable: int = 0,
    reasons: Mapping[str, str] | None = None,
    broken: Iterable[Finding] = (),
) -> tuple[str, ...]:
    """Why an award cannot be had: a sentence for each cut, or one for the cases or the years.

    `problem` is the question that the proof is about; credits are told in `unit`; `forgivable` is
    how many missed years may be forgiven; `reasons` are why records, by id, do not count; `broken`
    is all that the placing breaks which readers see.
    """
    if proof.years:
        years = listing([str(year) for year in proof.years])
        may_be = f"at most {forgivable} may be" if forgivable else "none can be"
        return (f"Too many registration years were missed: {years}; {may_be} forgiven.",)
    better, instead = _better(proof, problem, unit, reasons or {})
    cuts = [cut for cut in proof.cuts if not any(name.startswith(instead) for name in cut.rows)]
    said = (*(_cut(cut, problem, unit, broken) for cut in cuts), *better)
    return said or (_conflict(proof.conflict, unit, broken),)


def _conflict(paths: Collection[str], unit: CreditUnit, broken: Iterable[Finding]) -> str:
    """Rules that only conflict, and which of them the placing that is shown gives up."""
    names = listing(dict.fromkeys(small(title(path)) for path in paths))
    near = _near([each for each in broken if each.rule in paths], len(paths), unit)
    return f"These rules cannot be kept together with these badges: {names}.{near}"


def _near(broken: Sequence[Finding], rules: int, unit: CreditUnit) -> str:
    told = [f"{small(heading(each))}, {says(each, unit)}" for each in broken]
    if not 0 < len(told) < rules:
        return ""
    number = "one" if len(told) == 1 else str(len(told))
    return f" Placed as below, the badges keep all but {number} of them: {'; '.join(told)}."


def _better(
    proof: Proof, problem: Problem, unit: CreditUnit, reasons: Mapping[str, str]
) -> tuple[list[str], tuple[str, ...]]:
    """What says more than a cut or cases through some rules, and how the paths of these begin."""
    cut_rows = {name for cut in proof.cuts for name in cut.rows}
    paths = {row.path for row in problem.rows if row.name in cut_rows}.union(proof.conflict)
    said = [_lack(lack, problem, reasons) for lack in lacks(problem)]
    instead = [problem.award.requires.path] if said else []
    if squeezed := squeeze(problem, paths):
        said.append(_squeezed(squeezed, unit))
        instead.append(squeezed.rule)
    return said, tuple(instead)


def _squeezed(squeezed: Squeeze, unit: CreditUnit) -> str:
    within = f"within {percent(squeezed.share)}"
    one, who = one_of(squeezed.rule), _one_or_another(squeezed.labels)
    too_much = f"{who} {stands_behind(dimension_of(squeezed.rule), 'would')} too much"
    (row, _), *others = squeezed.parts
    if not others and row.path.endswith(".credits"):
        # How much less could count cannot be said: of less, yet others could be behind too much.
        return (
            f"No choice of these badges comes to {amount_in(unit, squeezed.needed)} with every "
            f"{one} {within}: {too_much}. Badges with others are needed."
        )
    most = amount_in(unit, squeezed.most)
    needs = [f"{_subject(row)} {number_in(unit, amount)}" for row, amount in others]
    first = f"{_subject(row)} needs at least {number_in(unit, squeezed.parts[0][1])}"
    in_all = f": {number_in(unit, squeezed.needed)} in all" if others else ""
    return (
        f"{capital(within)} for every {one}, at most {most} can count, and in whole badges "
        f"{listing([first, *needs])}{in_all}. With more, {too_much}."
    )


def _one_or_another(labels: tuple[str, ...]) -> str:
    """Who is in the way of more."""
    if len(labels) == 1:
        return labels[0]
    named = list(labels[:_MOST_NAMED])
    left = len(labels) - len(named)
    named += [f"{left} others"] if left > 1 else labels[_MOST_NAMED:]
    return f"one or another of {listing(named)}"


def _lack(lack: Lack, problem: Problem, reasons: Mapping[str, str]) -> str:
    """What is required and cannot be had, with why a badge that would be it does not count."""
    ways = list(dict.fromkeys(lack.ways))
    said = "; or ".join(listing(_leaf(leaf, problem, reasons) for leaf in way) for way in ways)
    if not isinstance(lack.node, Choose):
        return f"{capital(said)} is needed."
    number, of = lack.node.at_least, len(lack.node.children)
    one = "One" if number == 1 else str(number)
    return f"{one} of {of} alternatives must be complete; what is missing is {said}."


def _leaf(leaf: Needed, problem: Problem, reasons: Mapping[str, str]) -> str:
    said = f"enough to fill {told(leaf)}" if isinstance(leaf, Filled) else told(leaf)
    if not isinstance(leaf, Held):
        return said
    there = [record for record in problem.records if record.code == leaf.code]
    known = [f"“{each.title}”: {small(reasons[each.id])}" for each in there if each.id in reasons]
    return f"{said} ({'; '.join(known)})" if known else said


def _cut(cut: Cut, problem: Problem, unit: CreditUnit, broken: Iterable[Finding]) -> str:
    # In the order of the rules: a record keeps a cut's rows in that of the alphabet.
    used = [(row, cut.rows[row.name]) for row in problem.rows if row.name in cut.rows]
    assert len(used) == len(cut.rows)  # a cut is of the rows of its question
    asked = [row for row, _ in used if row.asks]
    limits = [row for row, _ in used if not row.asks]
    simple = all(times == 1 for _, times in used) and not any(
        row.counts is not Counts.CREDITS or row.choices for row, _ in used
    )
    if not simple:
        return _tangled(cut, [row for row, _ in used], unit, broken)
    who = listing(_subject(row) for row in asked)
    verb = "need" if len(asked) > 1 else "needs"
    whole = "in whole badges at least " if cut.whole else ""
    within = f", within {listing(limit(row, unit) for row in limits)}," if limits else ""
    sentence = (
        f"{who} {'together ' if len(asked) > 1 else ''}{verb} {whole}"
        f"{amount_in(unit, cut.needed)}; all that could count{within} comes to "
        f"{number_in(unit, cut.could_count)}"
    )
    if cut.whole:
        return capital(f"{sentence}: another badge is needed.")
    return capital(f"{sentence}: earn at least {number_in(unit, cut.short)} more.")


def _tangled(cut: Cut, rows: Iterable[Row], unit: CreditUnit, broken: Iterable[Finding]) -> str:
    each = list(rows)
    titles = list(dict.fromkeys(title(row.path) for row in each))
    if len(each) == 1 and each[0].counts is Counts.BADGES:
        badges = "badge is" if cut.needed == 1 else "badges are"
        return (
            f"{titles[0]}: {cut.needed} {badges} needed, and at most {cut.could_count} can count."
        )
    if len(titles) == 1:
        return f"{titles[0]}: it cannot be kept with these badges."
    return _conflict(list(dict.fromkeys(row.path for row in each)), unit, broken)


def _subject(row: Row) -> str:
    if found := re.fullmatch(r"awards\.([^.]+)\.credits", row.path):
        return f"the {found[1]}, in all,"
    if found := re.fullmatch(r"awards\.([^.]+)\.min_at_level\.(\d+)", row.path):
        return f"the {found[1]}, at level {found[2]} or above,"
    return small(title(row.path))
