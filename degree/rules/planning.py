"""The shortest way to an award: the least credit still to earn, and badges that would do.

# (1) what cannot be planned away: missed years, a deadline; (2) the kinds of badges that could be
# earned; (3) the least credit with which the question for them has an answer, and a proof that less
# will not do; (4) that answer as real badges, decided upon like any others.
What is said to be enough was decided upon; what is said to be the least is proved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from degree.rules.across import labelled
from degree.rules.bench import Bench
from degree.rules.case import Case
from degree.rules.earning import Earning, earning
from degree.rules.easing import eased
from degree.rules.explain import Answer, AwardAnswer, Verdict
from degree.rules.highs import Ended
from degree.rules.ideals import Ideals, ideals, plain_ideals, trusted
from degree.rules.least import Way, conflict, lengthening, proved_least, shortest
from degree.rules.minting import PLANNED, Badge, minted
from degree.rules.posing import deadline
from degree.rules.programme import Award, Dimension, Distinct, Programme
from degree.rules.records import Attestation, Concession, Record, Status, Wallet, Word
from degree.rules.steps import Step, open_buckets, steps_of
from vc.errors import Missing

# What is tried: steps of so many tenths, with the best marks or ordinary ones.
_ORDER: Final = ((5, False), (5, True), (1, True))
_UNMARKED: Final = ((5, False), (1, False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """So many more labels are needed in a dimension, each behind so many tenths of credit."""

    dimension: Dimension
    labels: int
    credits_each: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The limit at this path; `distinct` is the rule on variety that it is of, if it is of one."""

    path: str
    distinct: Distinct | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Why no new badge helps: missed years, no time left, nobody trusted now, or the rules with
    these paths, which nothing that could be earned keeps together."""

    years: tuple[int, ...] = ()
    last_day: date | None = None
    nobody_trusted: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is still needed for an award.

    At least `at_least` tenths of credit must be earned. With `steps` the award is earned, once the
    `words` are given and the board has forgiven `years`; without any, when `found`, nothing is left
    to earn. Where nothing was found, only the least is known; where it is `barred`, nothing helps.
    `unsure` are records whose status could not be checked: the plan does without them. `limits` are
    those without any one of which less credit would be enough.
    """

    award: Award
    at_least: int = 0
    found: bool = False
    steps: tuple[Step, ...] = ()
    lacks: tuple[Lack, ...] = ()
    words: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    barred: Barred | None = None
    unsure: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def tenths(self) -> int:
        """The credit of all steps."""
        return sum(step.tenths for step in self.steps)

    @property
    def badges(self) -> tuple[Record, ...]:
        """The hypothetical badges with which the award was decided."""
        return tuple(badge for step in self.steps for badge in step.badges)


def plan(
    programme: Programme,
    wallet: Wallet,
    award_id: str,
    *,
    today: date,
    concessions: tuple[Concession, ...] = (),
) -> Plan:
    """The shortest way to an award of the programme, with the concessions that apply.

    Raises vc.errors.Missing where the programme has no such award.
    """
    award = next((each for each in programme.awards if each.id == award_id), None)
    if award is None:
        known = ", ".join(each.id for each in programme.awards)
        sentence = f"The programme has no award {award_id!r}; it has {known}."
        raise Missing("award", sentence, place="award")
    return _Planner(programme, wallet, award, today, concessions).plan()


def next_above(verdict: Verdict) -> str | None:
    """The award to plan for: the one above the earned, or the lowest; None at the top."""
    above = [answer.award for answer in verdict.awards if answer.answer is not Answer.SATISFIED]
    return above[-1] if above else None


class _Planner:
    def __init__(
        self,
        programme: Programme,
        wallet: Wallet,
        award: Award,
        today: date,
        concessions: tuple[Concession, ...],
    ) -> None:
        self._programme, self._whole, self._award = programme, wallet, award
        self._today, self._concessions = today, concessions
        words = {name: Attestation(value=Word.YES) for name in _open_words(programme, wallet)}
        self._words = tuple(words)
        self._wallet = replace(
            wallet,
            # In one order, so that the same badges have the same plan wherever they were listed.
            records=tuple(
                each
                for each in sorted(wallet.records, key=lambda each: each.id)
                if each.status is not Status.UNKNOWN
            ),
            attestations={**wallet.attestations, **words},
        )

    def plan(self) -> Plan:
        """The plan."""
        hopeful, sure = self._answer(self._whole), self._answer(self._wallet)
        unsure = tuple(each.id for each in self._whole.records if each.status is Status.UNKNOWN)
        begun = Plan(award=self._award, unsure=unsure)
        for answer in (hopeful, sure):
            if answer.proof is not None and answer.proof.years:
                return replace(begun, barred=Barred(years=answer.proof.years))
        if _is_enough(sure):
            return self._verified(begun, ())
        return self._planned(begun)

    def _planned(self, begun: Plan) -> Plan:
        case = self._bench(self._wallet).case(hoping=False)
        last = deadline(case, self._award)
        if last < self._today:
            return replace(begun, barred=Barred(last_day=last))
        if not trusted(self._programme, today=self._today):
            return replace(begun, barred=Barred(nobody_trusted=True))
        found = ideals(case, self._award, today=self._today)
        sought = self._sought(begun, case, found, ample=False)
        # What rules ask for is enough credit, unless a share or a mean takes much more.
        return sought if sought.found else self._sought(begun, case, found, ample=True)

    def _sought(self, begun: Plan, case: Case, found: Ideals, *, ample: bool) -> Plan:
        posed = partial(earning, case, self._award, today=self._today, ample=ample)
        whole = posed(found.kinds, step=None, best_mark=True)
        proving = whole if found.complete else None
        plain = plain_ideals(self._programme, self._award, found.kinds)
        marked = any(kind.badges.marked for kind in found.kinds)
        # Ways with plain badges first: what they are is what a plan must ask for.
        for step, best_mark in _ORDER if marked else _UNMARKED:
            for kinds in ((*found.kinds, *plain), found.kinds):
                question = posed(kinds, step=step, best_mark=best_mark)
                way = shortest(question, open_buckets(self._award))
                if isinstance(way, Ended):
                    continue
                if proving and not begun.at_least:
                    begun = replace(begun, at_least=proved_least(proving, way.tenths))
                for badges in self._minted(way, step=step, best_mark=best_mark):
                    if self._is_earned(badges):
                        easy = eased(badges, self._award, self._is_earned)
                        limits = self._limits(question, way.tenths)
                        return self._verified(replace(begun, limits=limits), easy, proving)
        rules = conflict(whole) if found.complete and not begun.at_least else ()
        return replace(begun, barred=Barred(rules=rules) if rules else None)

    def _limits(self, question: Earning, tenths: int) -> tuple[Limit, ...]:
        rules = [rule for rule in self._programme.distinct if self._award.id in rule.awards]
        return tuple(
            Limit(
                path=path,
                distinct=next((each for each in rules if path.startswith(f"{each.path}.")), None),
            )
            for path in lengthening(question, tenths)
        )

    def _minted(self, way: Way, *, step: int, best_mark: bool) -> Iterable[list[Badge]]:
        return minted(
            way,
            programme=self._programme,
            award=self._award,
            step=step,
            best_mark=best_mark,
            today=self._today,
            prefix=_free(PLANNED, self._wallet),
        )

    def _is_earned(self, badges: Sequence[Badge]) -> bool:
        return _is_enough(self._answer(_with(self._wallet, badges)))

    def _verified(self, begun: Plan, badges: Sequence[Badge], whole: Earning | None = None) -> Plan:
        wallet = _with(self._wallet, badges)
        answer = self._answer(wallet)
        return replace(
            begun,
            found=True,
            steps=steps_of(badges, self._award, whole),
            lacks=self._lacks(answer),
            words=self._needed_words(wallet),
            years=answer.because.years if answer.because else (),
        )

    def _needed_words(self, wallet: Wallet) -> tuple[str, ...]:
        """Of the words that nobody has given those without which it would not be enough."""
        needed = list(self._words)
        for name in self._words:
            fewer = [each for each in needed if each != name]
            said = {
                each: word
                for each, word in wallet.attestations.items()
                if each in fewer or each not in self._words
            }
            if _is_enough(self._answer(replace(wallet, attestations=said))):
                needed = fewer
        return tuple(needed)

    def _lacks(self, answer: AwardAnswer) -> tuple[Lack, ...]:
        """The labels that the new badges must bring, for what else is counted lacks them."""
        held = {record.id: record for record in self._wallet.records}
        counted = [held[each.record] for each in answer.placements if each.record in held]
        lacks = []
        for rule in self._programme.distinct:
            if self._award.id not in rule.awards or not rule.at_least:
                continue
            behind: dict[str, int] = {}
            for record in counted:
                for label in labelled(rule.dimension, record, holder=self._wallet.holder):
                    behind[label] = behind.get(label, 0) + record.credits_tenths
            labels = sum(tenths >= rule.credits_each for tenths in behind.values())
            if labels < rule.at_least:
                lacks.append(
                    Lack(
                        dimension=rule.dimension,
                        labels=rule.at_least - labels,
                        credits_each=rule.credits_each,
                    )
                )
        return tuple(lacks)

    def _answer(self, wallet: Wallet) -> AwardAnswer:
        return self._bench(wallet).answer(self._award)

    def _bench(self, wallet: Wallet) -> Bench:
        return Bench(self._programme, wallet, self._concessions, self._today)


def _open_words(programme: Programme, wallet: Wallet) -> Iterable[str]:
    """The attestations that are pending, or that nobody gave."""
    said = wallet.attestations
    for each in programme.attestations:
        if each.name not in said or said[each.name].value is Word.PENDING:
            yield each.name


def _is_enough(answer: AwardAnswer) -> bool:
    """Whether the award is earned, or would be if the board forgave the years."""
    if answer.answer is Answer.SATISFIED:
        return True
    reason = answer.because
    return reason is not None and bool(reason.years) and not (reason.pending or reason.search)


def _free(prefix: str, wallet: Wallet) -> str:
    """The prefix, or a longer one with which no id in the wallet begins."""
    while any(record.id.startswith(prefix) for record in wallet.records):
        prefix += "-again"
    return prefix


def _with(wallet: Wallet, badges: Iterable[Badge]) -> Wallet:
    return replace(wallet, records=(*wallet.records, *(badge for _, badge in badges)))
