"""The independent judge of large cases: questions as whole number programmes, for HiGHS."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from degree_highs_marks import Marks
from degree_judging import OracleAnswer, judged
from degree_questions import NOTHING_GRANTED, Question, granted, question
from degree_reading import Json
from degree_whole_numbers import Programming


def can_be_earned(
    programme: Json,
    wallet: Json,
    award: str,
    *,
    class_: str | None = None,
    today: date,
    pending: bool = False,
    concessions: bool = False,
    placings: Mapping[str, Collection[str]] | None = None,
) -> bool:
    """Whether some placing keeps all rules of the award, obligations left aside.

    `pending` counts everything that is pending as good; `concessions` applies those that count.
    With `placings`, buckets by record id, it is whether just this placing does.
    """
    grant = granted(programme, wallet, today) if concessions else NOTHING_GRANTED
    rules = next(rules for rules in programme["awards"] if rules["id"] == award)
    asked = question(programme, wallet, rules, today, grant)
    classes = programme["classification"]["classes"] if class_ else ()
    chosen = next((some for some in classes if some["id"] == class_), None)
    return solvable(asked, chosen, pending=pending, placings=placings)


def judged_by_highs(programmes: Sequence[Json], wallet: Json, today: date) -> OracleAnswer:
    """The whole answer on several versions of one programme."""

    def judge(asked: Question) -> Callable[..., bool]:
        return lambda class_, *, pending: solvable(asked, class_, pending=pending)

    return judged(programmes, wallet, today, judge)


def solvable(
    asked: Question,
    class_: Json | None,
    *,
    pending: bool,
    placings: Mapping[str, Collection[str]] | None = None,
) -> bool:
    rules = Programming(asked, pending=pending)
    Marks(rules).add(class_)
    if placings is not None and not rules.place(placings):
        return False
    return rules.model.solvable()
