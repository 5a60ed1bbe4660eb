"""The least credit still to earn, the way that needs no more, and the proof that less will not do.

HiGHS proposes the way; what it costs at the least is proved in whole numbers (proving.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from degree.rules import highs
from degree.rules.branches import leaves
from degree.rules.columns import Columns
from degree.rules.earnable import Earnable, credit_of
from degree.rules.earning import Earning
from degree.rules.programme import Dimension
from degree.rules.proving import proved
from degree.rules.rows import OUT, Problem, Row, Term

# Of the proof that less than what was found will not do, and of each of the proofs for lesser
# amounts, a dozen at most, where that was too hard; then of those for a single bucket.
MOST_LEAVES: Final = (150, 60)
FEW_LEAVES: Final = (20, 4)
_CLOSED: Final = 16  # what a bucket costs that is not open; more than any level


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """So many badges of a kind, with so many tenths of credit together."""

    kind: Earnable
    tenths: int
    badges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """New badges with which the question has an answer.

    By dimension they bring so many `fresh` labels, and `labels` of the wallet's that lack credit.
    """

    portions: tuple[Portion, ...]
    fresh: Mapping[Dimension, int]
    labels: Mapping[Dimension, tuple[str, ...]]

    @property
    def tenths(self) -> int:
        """The credit of all new badges."""
        return sum(portion.tenths for portion in self.portions)


def shortest(question: Earning, open_buckets: Collection[str] = ()) -> Way | highs.Ended:
    """A way with the least credit; of those one with much of it in buckets that are open to all
    badges, at low levels, in few badges and with few new labels. Or how the search for it ended."""
    credit = credit_of(question.kinds)
    first = _search(question.problem, credit, {})
    if isinstance(first, highs.Ended):
        return first
    way = _way(question, first)
    amounts: dict[int, int] = {}
    for kind in question.kinds:
        price = _price(kind, open_buckets)
        amounts |= {n: tenths * price for n, tenths in kind.credits.items()}
        amounts |= dict.fromkeys(kind.badges, 4 * _CLOSED + price)
    fresh = dict.fromkeys((n for choices in question.fresh.values() for n in choices), _CLOSED)
    better = _search(question.within(way.tenths).problem, amounts, fresh)
    return way if isinstance(better, highs.Ended) else _way(question, better)


def _price(kind: Earnable, open_buckets: Collection[str]) -> int:
    """What a kind asks of badges: one bucket among others before any level."""
    closed = sum(name not in open_buckets for name in kind.ideal.buckets)
    return _CLOSED * closed + kind.ideal.record(day=date.min, best_mark=False).level


def proved_least(question: Earning, tenths: int, bucket: str = "") -> int:
    """So many tenths are needed at least, in new badges or in those of a bucket, as far as that can
    be proved: no more than `tenths`.

    The question is one in which credit comes in any amounts.
    """
    most, few = FEW_LEAVES if bucket else MOST_LEAVES
    if not tenths or _is_impossible(question.within(tenths - 1, bucket), most_leaves=most):
        return tenths
    low, high = 0, tenths - 1  # at least `low`, and no proof for more than `high`
    while low < high:
        middle = (low + high + 1) // 2
        if _is_impossible(question.within(middle - 1, bucket), most_leaves=few):
            low = middle
        else:
            high = middle - 1
    return low


def lengthening(question: Earning, tenths: int) -> tuple[str, ...]:
    """The paths of limits without any one of which less than so many tenths would do."""
    problem = question.within(tenths - 1).problem
    # A share or a mean asks for enough of the rest.
    limits = (row.path for row in problem.rows if not row.asks or row.ratio)
    paths = (path for path in dict.fromkeys(limits) if not path.startswith("plan."))
    return tuple(path for path in paths if _is_possible(problem, without=path))


def _is_possible(problem: Problem, *, without: str) -> bool:
    rows = tuple(row for row in problem.rows if row.path != without)
    return not isinstance(_search(replace(problem, rows=rows), {}, {}), highs.Ended)


def conflict(question: Earning) -> tuple[str, ...]:
    """The paths of rules that no new badges keep together; none where that was not proved.

    The question is one in which credit comes in any amounts.
    """
    problem = question.problem
    tree = proved(problem, divisible=question.divisible, most_leaves=MOST_LEAVES[0])
    used = {name for leaf in leaves(tree) for name in leaf.rows} if tree else set()
    paths = dict.fromkeys(row.path for row in problem.rows if row.name in used)
    return tuple(path for path in paths if not path.startswith("plan."))


def _is_impossible(question: Earning, *, most_leaves: int) -> bool:
    """Whether it is proved that no new badges will do."""
    problem, divisible = question.problem, question.divisible
    return proved(problem, divisible=divisible, most_leaves=most_leaves) is not None


@dataclass(frozen=True, slots=True)
class _Solved:
    placed: tuple[int, ...]
    chosen: frozenset[int]


def _search(
    problem: Problem, amounts: Mapping[int, int], choices: Mapping[int, int]
) -> _Solved | highs.Ended:
    """Whole badges that keep every row at the least price of records and choices."""
    columns = Columns(problem)
    price = columns.of(
        Row(name="", path="", asks=True, bound=0, terms=(Term(None, amounts),), choices=choices)
    )
    found = highs.search(columns, objective={n: float(each) for n, each in price.items()})
    if found.ended is not highs.Ended.FOUND:
        return found.ended
    first = len(columns.options)
    chosen = (n for n in range(len(problem.choices)) if round(found.values[first + n]))
    return _Solved(columns.placing(found.values), frozenset(chosen))


def _way(question: Earning, solved: _Solved) -> Way:
    placed = solved.placed
    portions = []
    for kind in question.kinds:
        tenths = sum(each for n, each in kind.credits.items() if placed[n] != OUT)
        badges = sum(placed[n] != OUT for n in kind.badges)
        if tenths or badges:
            portions.append(Portion(kind=kind, tenths=tenths, badges=max(1, badges)))
    return Way(
        portions=tuple(portions),
        fresh={
            dimension: len(solved.chosen.intersection(choices))
            for dimension, choices in question.fresh.items()
        },
        labels={
            dimension: tuple(_lacking(question, dimension, solved)) for dimension in question.fresh
        },
    )


def _lacking(question: Earning, dimension: Dimension, solved: _Solved) -> list[str]:
    """The wallet's labels that count only with new badges."""
    path, labels = f"distinct.{dimension}", []
    for row in question.problem.rows:
        label = row.name.removeprefix(f"{path}=")
        if row.path != path or label == row.name:
            continue
        ((choice, weight),) = row.choices.items()
        held = sum(
            amount
            for n, amount in row.terms[0].amounts.items()
            if n < question.held and solved.placed[n] != OUT
        )
        if choice in solved.chosen and held < -weight:
            labels.append(label)
    return labels
