"""An answer laid out rule by rule: what each asks for, what counts towards it, and what is in the
way. It decides nothing: it reads a placing against the rows that were decided on.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from degree.rules.bench import Bench
from degree.rules.concessions import relief
from degree.rules.explain import Answer, AwardAnswer, Placement, Proof, Verdict
from degree.rules.leaving_out import LeftOut, left_out, unchecked
from degree.rules.measuring import measure
from degree.rules.naming import placements_of
from degree.rules.nearest import as_much_as_fits, nearest
from degree.rules.posing import classed, problem_for
from degree.rules.programme import Award
from degree.rules.records import Attestation, Wallet, Word
from degree.rules.requirements import Attested, Needed
from degree.rules.requiring import required
from degree.rules.rows import OUT, Counts, Placing, Problem, Row
from degree.rules.tally import Tally

_CLASS_MEAN: Final = re.compile(r"^classification\..*\.(?:mean|bucket_means\.[^.]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of a placing: `counted` of `bound`, in the unit `counts`.

    For a rule with several rows (labels, pairs) these are of the first that is broken, or of the
    rule's own row; `label` is that row's. `measure` is the share, or the mean in tenths of a mark,
    that came out, None where nothing is counted, and `least` or `most` what it is held to. `used`
    are the records that count towards it, `labels` what a rule of variety counts, `behind`
    the records behind whom `label` is in a share. A mean that is
    `rounded` is held to a whole mark half up: `least` lies half a mark below it. `node` is what an
    award requires beside its buckets; where that is somebody's word, `claim` is what it would say
    and `word` what was said, None where nobody did.
    """

    rule: str
    met: bool
    asks: bool
    counts: Counts
    counted: int
    bound: int
    label: str = ""
    measure: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    used: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    rounded: bool = False
    node: Needed | None = None
    claim: str = ""
    word: Attestation | None = None

    @property
    def is_open(self) -> bool:
        """Whether it asks for somebody's word that nobody has given yet."""
        said = self.word is not None and self.word.value is not Word.PENDING
        return isinstance(self.node, Attested) and not said


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An award with a placing: its own when there is one, else how far the member has come.

    `filled` tells which it is; one that is `near` breaks no rule but those that are in the way, by
    the answer's proof and by `further` ones.
    `asked` is the question that the answer's proof is about, which need not be the one shown: a no
    holds even if everything pending counts, and what is undecided is no yet without it.
    """

    award: Award
    problem: Problem
    asked: Problem
    filled: bool
    near: bool
    further: tuple[Proof, ...]
    placements: tuple[Placement, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def in_the_way(self) -> tuple[Finding, ...]:
        """What a near placing breaks."""
        return tuple(each for each in self.findings if self.near and not each.met)


def laid_out(verdict: Verdict, answer: AwardAnswer, wallet: Wallet, *, today: date) -> Layout:
    """The layout of one award of a verdict, with the class that was reached."""
    award = verdict.programme.award(answer.award)
    bench = Bench.of(verdict, wallet, today=today)
    hoping = answer.because is not None and bool(answer.because.pending)
    case = bench.case(hoping=hoping)
    problem = problem_for(case, award)
    refused = answer.answer is Answer.NOT_SATISFIED
    asked = problem if refused is hoping else problem_for(bench.case(hoping=refused), award)
    best = answer.best_class
    if best is not None and verdict.programme.classification is not None:
        class_ = next(
            each for each in verdict.programme.classification.classes if each.id == best.id
        )
        problem = classed(problem, case, class_)
    filled = answer.is_placed
    near = None if filled else nearest(problem, answer.proof)
    if filled:
        placed: Placing = _placed(problem, answer.counted)
    else:
        placed = near.placed if near else as_much_as_fits(problem)
    proofs = (*([answer.proof] if answer.proof else ()), *(near.further if near else ()))
    return Layout(
        award=award,
        problem=problem,
        asked=asked,
        filled=filled,
        near=near is not None,
        further=near.further if near else (),
        placements=placements_of(problem, placed),
        findings=tuple(_of_rules(verdict, award, wallet, findings(problem, placed))),
        left_out=(
            *left_out(case, problem, placed, filled=filled, first=_rules(problem, proofs)),
            *([] if hoping else unchecked(bench, case)),
        ),
    )


def _rules(problem: Problem, proofs: Iterable[Proof]) -> frozenset[str]:
    """The paths of the rules that proofs use."""
    cuts = {name for proof in proofs for cut in proof.cuts for name in cut.rows}
    conflicts = {path for proof in proofs for path in proof.conflict}
    return frozenset(row.path for row in problem.rows if row.name in cuts or row.path in conflicts)


def findings(problem: Problem, placed: Placing) -> Iterable[Finding]:
    """One finding for each rule, in the order of the rules."""
    tally = Tally(problem, placed)
    broken, values = set(tally.broken()), tally.chosen()
    by_path: dict[str, list[int]] = {}
    for number, row in enumerate(problem.rows):
        by_path.setdefault(row.path, []).append(number)
    for path, numbers in by_path.items():
        wrong = [number for number in numbers if number in broken]
        own = [number for number in numbers if problem.rows[number].name == path]
        number = (wrong or own or [_heaviest(problem, placed, numbers)])[0]
        row = problem.rows[number]
        chosen = sum(weight * values[each] for each, weight in row.choices.items() if weight > 0)
        least, most = _held_to(row)
        made = [problem.choices[each].partition("=")[2] for each in row.choices if values[each]]
        yield Finding(
            rule=path,
            met=not wrong,
            asks=row.asks,
            counts=row.counts,
            counted=tally.sum(number) + chosen,
            bound=_bound(row),
            label=row.name.partition("=")[2],
            measure=measure(problem, placed, number),
            least=least,
            most=most,
            used=_used(problem, placed, [problem.rows[each] for each in numbers]),
            labels=tuple(label for label in made if label),
            behind=_behind(problem, placed, row),
        )


def _of_rules(
    verdict: Verdict, award: Award, wallet: Wallet, found: Iterable[Finding]
) -> Iterable[Finding]:
    """Those that say something of a rule, with how a class rounds its means.

    What is required by one of several ways is one finding, however many conditions it is made of.
    """
    rules = verdict.programme.classification
    words = {each.rule: each for each in _words(verdict, award, wallet)}
    nodes = {node.path: node for node in required(award) if node.path not in words}
    for each in found:
        if each.rule in words:
            continue
        if each.rule == "condonement.used":
            continue  # it only asks whether the mean for condoned badges is
        if each.rule in nodes:
            yield replace(each, node=nodes[each.rule])
            continue
        if each.rule.startswith(award.requires.path):
            continue
        rounded = rules is not None and rules.half_up and bool(_CLASS_MEAN.search(each.rule))
        yield replace(each, rounded=rounded)
    yield from words.values()


def _words(verdict: Verdict, award: Award, wallet: Wallet) -> Iterable[Finding]:
    """One finding for each word of somebody that the award requires in any case."""
    claims = {each.name: each.says for each in verdict.programme.attestations}
    granted = relief(verdict.concessions)
    for node in required(award):
        if isinstance(node, Attested) and not granted.waives(node.path):
            word = wallet.attestations.get(node.name)
            met = word is not None and word.value is Word.YES
            yield Finding(
                rule=node.path,
                met=met,
                asks=True,
                counts=Counts.OTHER,
                counted=int(met),
                bound=1,
                node=node,
                claim=claims.get(node.name, ""),
                word=word,
            )


def _heaviest(problem: Problem, placed: Placing, numbers: list[int]) -> int:
    """Of the rows of one rule the one whose measure is largest."""
    return max(numbers, key=lambda number: measure(problem, placed, number) or 0)


def _behind(problem: Problem, placed: Placing, row: Row) -> tuple[str, ...]:
    """The counted records of one label in a share."""
    if not row.ratio or "=" not in row.name:
        return ()
    theirs = row.terms[0].amounts
    return tuple(problem.records[record].id for record in sorted(theirs) if placed[record] >= 0)


def _held_to(row: Row) -> tuple[Fraction | None, Fraction | None]:
    """Of a ratio, the least and the most that it may come to; the part may weigh up or down."""
    if not row.ratio:
        return None, None
    part, whole = (term.times for term in row.terms)
    threshold = Fraction(-whole, part)
    return (threshold, None) if (part > 0) is row.asks else (None, threshold)


def _bound(row: Row) -> int:
    """What is asked, whether or not it hangs on a choice."""
    return row.bound + sum(-weight for weight in row.choices.values() if weight < 0)


def _used(problem: Problem, placed: Placing, rows: list[Row]) -> tuple[str, ...]:
    return tuple(
        problem.records[record].id
        for record, taken in enumerate(placed)
        if taken >= 0 and any(row.of(record, problem.options[record][taken]) for row in rows)
    )


def _placed(problem: Problem, placements: Iterable[Placement]) -> tuple[int, ...]:
    names = problem.award.bucket_names
    taken: Mapping[str, tuple[str, ...]] = {each.record: each.buckets for each in placements}
    placed = []
    for number, record in enumerate(problem.records):
        option = tuple(sorted(names.index(name) for name in taken.get(record.id, ())))
        placed.append(problem.options[number].index(option) if option else OUT)
    return tuple(placed)
