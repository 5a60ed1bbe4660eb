"""How a judge of the degree engine goes from single questions to a whole answer.

Whoever can say whether some placing keeps all rules of a question (degree_oracle.py by trying all,
degree_highs.py by whole number programming) gets the whole answer from `judged`: three answers for
each award, classes, concessions, versions (docs/degree.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from degree_questions import NOTHING_GRANTED, Granted, Question, accepted, granted, question
from degree_reading import (
    Json,
    credit,
    holds_for,
    kept_out,
    kept_out_early,
    read_badges,
)
from degree_years import missed_years


class Judge(Protocol):
    """Says whether some placing keeps all rules of the award, and of the class if there is one.

    `pending` says whether everything that is pending counts as good.
    """

    def __call__(self, class_: Json | None, *, pending: bool) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class AwardAnswer:
    """`years` and `pending` say on what an undecided award hangs: all that is pending, or nothing.

    `classes` are pairs of class and answer, from the best to the first satisfied.
    """

    award: str
    answer: str
    years: tuple[int, ...] = ()
    pending: frozenset[str] = frozenset()
    classes: tuple[tuple[str, str], ...] = ()

    @property
    def class_(self) -> str | None:
        return next((name for name, answer in self.classes if answer == "satisfied"), None)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    version: int  # which of the programmes, from 0
    concessions: frozenset[str]
    set_aside: Mapping[str, str]  # record id to path
    awards: tuple[AwardAnswer, ...]

    @property
    def satisfied(self) -> AwardAnswer | None:
        return next((award for award in self.awards if award.answer == "satisfied"), None)


@dataclass(frozen=True, kw_only=True)
class OracleAnswer:
    """Every verdict, and the outcome: which version, what answer, which award and class."""

    verdicts: tuple[Verdict, ...]
    version: int
    answer: str
    award: str | None
    class_: str | None
    hypothetical: bool

    def verdict(self, *, version: int = 0, conceded: bool = False) -> Verdict:
        """The verdict on this version, the last one if it is asked with concessions."""
        of = [verdict for verdict in self.verdicts if verdict.version == version]
        return of[-1] if conceded else of[0]


def judged(
    programmes: Sequence[Json], wallet: Json, today: date, judge: Callable[[Question], Judge]
) -> OracleAnswer:
    """The answer on all versions of a programme, as the outcome of docs/decision-record.md."""
    versions = _admissible(programmes, wallet, today)
    plain = [_verdict(programmes, n, wallet, today, NOTHING_GRANTED, judge) for n in versions]
    grants = [granted(programmes[n], wallet, today) for n in versions]
    conceded = []
    if any(grant.ids for grant in grants):
        pairs = zip(versions, grants, strict=True)
        conceded = [_verdict(programmes, n, wallet, today, grant, judge) for n, grant in pairs]
    considered = conceded or plain
    best = max(considered, key=lambda verdict: _worth(programmes, verdict))
    satisfied = best.satisfied
    answer = "satisfied" if satisfied else "not_satisfied"
    if any(_more_may_come(programmes, verdict, best) for verdict in considered):
        answer = "undecided"
    return OracleAnswer(
        verdicts=(*plain, *conceded),
        version=best.version,
        answer=answer,
        award=satisfied.award if satisfied else None,
        class_=satisfied.class_ if satisfied else None,
        hypothetical=any(record.get("hypothetical") for record in wallet["records"]),
    )


def _admissible(programmes: Sequence[Json], wallet: Json, today: date) -> list[int]:
    """The numbers of the versions that are tried, from the oldest."""
    days = [programme["ruleset"]["in_force_from"] for programme in programmes]
    ordered = sorted(range(len(programmes)), key=lambda number: str(days[number]))
    begun = [number for number in ordered if days[number] <= wallet["registered"]]
    start = begun[-1] if begun else ordered[0]
    if programmes[start]["ruleset"].get("choose", "start_version") == "start_version":
        return [start]
    later = ordered[ordered.index(start) + 1 :]
    return [start, *(number for number in later if days[number] <= today.isoformat())]


def _worth(programmes: Sequence[Json], verdict: Verdict) -> tuple[int, int]:
    """Greater is better; of equals `max` takes the first, which is the older version."""
    programme, satisfied = programmes[verdict.version], verdict.satisfied
    if satisfied is None:
        return (-1, 0)
    award = next(award for award in programme["awards"] if award["id"] == satisfied.award)
    classes = [class_["id"] for class_ in programme.get("classification", {}).get("classes", ())]
    rank = classes.index(satisfied.class_) if satisfied.class_ else 1000
    return (credit(programme, award["credits"]), -rank)


def _more_may_come(programmes: Sequence[Json], verdict: Verdict, best: Verdict) -> bool:
    """Whether the verdict leaves an award or a class open that would be above those of the best."""
    open_ = [award.award for award in verdict.awards if award.answer == "undecided"]
    if verdict.satisfied:
        better = [
            replace(verdict.satisfied, classes=((class_, "satisfied"),))
            for class_, answer in verdict.satisfied.classes
            if answer == "undecided"
        ]
        least = _worth(programmes, best)
        if any(_worth(programmes, replace(verdict, awards=(one,))) > least for one in better):
            return True
    if verdict is best or best.satisfied is None:
        return bool(open_)
    programme = programmes[verdict.version]
    credits_ = [credit(programme, a["credits"]) for a in programme["awards"] if a["id"] in open_]
    return max(credits_, default=0) > _worth(programmes, best)[0]


def _verdict(
    programmes: Sequence[Json],
    version: int,
    wallet: Json,
    today: date,
    grant: Granted,
    judge: Callable[[Question], Judge],
) -> Verdict:
    programme, awards = programmes[version], []
    for award in programme["awards"]:
        if wallet.get("pathway") and award.get("pathway", wallet["pathway"]) != wallet["pathway"]:
            continue
        asked = question(programme, wallet, award, today, grant)
        awards.append(_award_answer(asked, wallet, today, judge(asked)))
        if awards[-1].answer == "satisfied":
            break
    out = {
        badge.id: path
        for badge in read_badges(programme, wallet)
        if (path := kept_out(programme, wallet, badge, today))
        and not accepted(programme, badge, grant)
    }
    return Verdict(
        version=version,
        concessions=frozenset(grant.ids),
        set_aside=out,
        awards=tuple(awards),
    )


def _award_answer(asked: Question, wallet: Json, today: date, judge: Judge) -> AwardAnswer:
    name = asked.award["id"]
    surely, at_best, forgivable = _missed(asked, wallet, today)
    if len(at_best) > forgivable or not judge(None, pending=True):
        return AwardAnswer(award=name, answer="not_satisfied")
    if len(surely) > forgivable or not judge(None, pending=False):
        pending = _pending(asked, wallet)
        return AwardAnswer(award=name, answer="undecided", years=at_best, pending=pending)
    if surely:
        return AwardAnswer(award=name, answer="undecided", years=surely)
    return AwardAnswer(award=name, answer="satisfied", classes=_classes(asked, judge))


def _pending(asked: Question, wallet: Json) -> frozenset[str]:
    """All badges of unknown status that are else in order, and all words not yet given."""
    badges = [
        badge.id
        for badge in read_badges(asked.programme, wallet)
        if badge.pending
        and (
            kept_out_early(asked.programme, wallet, badge) is None
            or accepted(asked.programme, badge, asked.granted)
        )
    ]
    needed = asked.words(asked.award.get("requires", {}))
    words = [f"attested:{name}" for name in needed if asked.attested[name] == "pending"]
    return frozenset((*badges, *words))


def _missed(
    asked: Question, wallet: Json, today: date
) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """The years missed without what is pending and with it, and how many may be forgiven."""
    rule = asked.programme.get("obligations")
    if rule is None or not holds_for(rule, asked.award):
        return (), (), 0
    without, with_it = (
        missed_years(asked.programme, wallet, today, asked.granted.forgiven, pending=pending)
        for pending in (False, True)
    )
    return without, with_it, rule["misses"].get("max", 0)


def _classes(asked: Question, judge: Judge) -> tuple[tuple[str, str], ...]:
    rule = asked.programme.get("classification")
    found: list[tuple[str, str]] = []
    if rule is None or not holds_for(rule, asked.award):
        return ()
    for class_ in rule["classes"]:
        if judge(class_, pending=False):
            return (*found, (class_["id"], "satisfied"))
        reachable = judge(class_, pending=True)
        found.append((class_["id"], "undecided" if reachable else "not_satisfied"))
    return tuple(found)
