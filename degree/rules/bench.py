"""One version of a programme before one wallet: what it says of each of its awards."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from degree.rules.bounding import plain_cuts
from degree.rules.case import Case
from degree.rules.concessions import relief
from degree.rules.explain import (
    ATTESTED,
    Answer,
    AwardAnswer,
    Because,
    ClassAnswer,
    Proof,
    Verdict,
)
from degree.rules.gate import sift, translated
from degree.rules.naming import placements_of, proof_of
from degree.rules.posing import classed, completed, outline_for, problem_for
from degree.rules.programme import Award, Class, Programme
from degree.rules.records import Concession, Record, Status, Wallet, Word
from degree.rules.registration import YearKept, missed_years, registration_years, year_kept
from degree.rules.requirements import attested
from degree.rules.rows import Problem
from degree.rules.solving import Found, GaveUp, Impossible, Solution, solve


class Bench:
    """Decides the awards of one version for one wallet."""

    def __init__(
        self,
        programme: Programme,
        wallet: Wallet,
        concessions: tuple[Concession, ...],
        today: date,
    ) -> None:
        self._programme = programme
        self._wallet = translated(wallet, programme.equivalences)
        self._relief = relief(concessions)
        self._today = today
        accepted = frozenset(
            record for record, bucket in self._relief.accepted if bucket in programme.bucket_names
        )
        self.sifted = sift(programme.gate, self._wallet, today=today, accepted=accepted)

    @classmethod
    def of(cls, verdict: Verdict, wallet: Wallet, *, today: date) -> "Bench":
        """The bench on which a verdict was reached."""
        return cls(verdict.programme, wallet, verdict.concessions, today)

    def case(self, *, hoping: bool) -> Case:
        """The case with everything pending counted as good, or left out."""
        return self._hoped if hoping else self._sure

    def answer(self, award: Award) -> AwardAnswer:
        """The answer for one award; what is pending is decided both ways."""
        hoped_years, sure_years = self.years(award, hoping=True), self.years(award, hoping=False)
        missed, forgivable = self._missed(hoped_years), self._forgivable
        if len(missed) > forgivable:
            return self._no(award, Proof(years=missed), hoped_years)
        sure_missed = self._missed(sure_years)
        problem, sure = _solved(self._sure, award)
        if isinstance(sure, Found) and len(sure_missed) <= forgivable:
            return self._found(award, problem, sure, sure_years)
        pending = self._pending(award)
        if not pending:
            if isinstance(sure, Impossible):
                return self._no(award, proof_of(problem, sure), sure_years)
            return self._gave_up(award, sure_years)
        hopeful, hoped = _solved(self._hoped, award)
        if isinstance(hoped, Impossible):
            return self._no(award, proof_of(hopeful, hoped), sure_years)
        if isinstance(hoped, GaveUp) or isinstance(sure, GaveUp):
            return self._gave_up(award, sure_years)
        without = (
            proof_of(problem, sure) if isinstance(sure, Impossible) else Proof(years=sure_missed)
        )
        return AwardAnswer(
            award=award.id,
            answer=Answer.UNDECIDED,
            because=Because(years=missed, pending=pending),
            placements=placements_of(hopeful, hoped.placed),
            proof=without,
            years=sure_years,
        )

    def _found(
        self, award: Award, problem: Problem, found: Found, years: tuple[YearKept, ...]
    ) -> AwardAnswer:
        placements, missed = placements_of(problem, found.placed), self._missed(years)
        return AwardAnswer(
            award=award.id,
            answer=Answer.UNDECIDED if missed else Answer.SATISFIED,
            because=Because(years=missed) if missed else None,
            placements=placements,
            classes=() if missed else self._classes(award, problem),
            years=years,
        )

    def _no(self, award: Award, proof: Proof, years: tuple[YearKept, ...]) -> AwardAnswer:
        return AwardAnswer(award=award.id, answer=Answer.NOT_SATISFIED, proof=proof, years=years)

    def _gave_up(self, award: Award, years: tuple[YearKept, ...]) -> AwardAnswer:
        because = Because(search=True)
        return AwardAnswer(award=award.id, answer=Answer.UNDECIDED, because=because, years=years)

    def _classes(self, award: Award, problem: Problem) -> tuple[ClassAnswer, ...]:
        rules = self._programme.classification
        if rules is None or award.id not in rules.awards:
            return ()
        answers: list[ClassAnswer] = []
        for class_ in rules.classes:
            answers.append(self._class(award, problem, class_))
            if answers[-1].answer is Answer.SATISFIED:
                break
        return tuple(answers)

    def _class(self, award: Award, problem: Problem, class_: Class) -> ClassAnswer:
        asked = classed(problem, self._sure, class_)
        solution = solve(asked)
        if isinstance(solution, Found):
            placements = placements_of(asked, solution.placed)
            return ClassAnswer(id=class_.id, answer=Answer.SATISFIED, placements=placements)
        if self._pending(award):
            asked = classed(problem_for(self._hoped, award), self._hoped, class_)
            solution = solve(asked)
        if isinstance(solution, Impossible):
            proof = proof_of(asked, solution)
            return ClassAnswer(id=class_.id, answer=Answer.NOT_SATISFIED, proof=proof)
        return ClassAnswer(id=class_.id, answer=Answer.UNDECIDED)

    @cached_property
    def _hoped(self) -> Case:
        return self._case(self.sifted.passed, hoping=True)

    @cached_property
    def _sure(self) -> Case:
        if not self.sifted.pending:
            passed = self.sifted.passed
        else:
            passed = tuple(
                record for record in self.sifted.passed if record.status is not Status.UNKNOWN
            )
        return self._case(passed, hoping=False)

    def _case(self, records: tuple[Record, ...], *, hoping: bool) -> Case:
        return Case(
            programme=self._programme,
            wallet=self._wallet,
            records=records,
            admitted=self.sifted.admitted,
            relief=self._relief,
            hoping=hoping,
        )

    def _pending(self, award: Award) -> tuple[str, ...]:
        """What the answer could hang on: records, and attestations of the award."""
        said = self._wallet.attestations
        words = {
            f"{ATTESTED}{name}"
            for name in attested(award.requires)
            if name not in said or said[name].value is Word.PENDING
        }
        return tuple(sorted({*self.sifted.pending, *words}))

    @property
    def _forgivable(self) -> int:
        obligations = self._programme.obligations
        return obligations.forgivable if obligations else 0

    def _missed(self, years: Iterable[YearKept]) -> tuple[int, ...]:
        return missed_years(years, today=self._today, forgiven=self._relief.forgiven)

    def years(self, award: Award, *, hoping: bool) -> tuple[YearKept, ...]:
        """How the registration years were kept, where the award asks for that."""
        obligations = self._programme.obligations
        if obligations is None or award.id not in obligations.awards:
            return ()
        return self._hoped_years if hoping else self._sure_years

    @cached_property
    def _hoped_years(self) -> tuple[YearKept, ...]:
        return self._kept(self.sifted.shown)

    @cached_property
    def _sure_years(self) -> tuple[YearKept, ...]:
        shown = self.sifted.shown
        if not self.sifted.pending:
            return self._hoped_years
        return self._kept(record for record in shown if record.status is not Status.UNKNOWN)

    def _kept(self, shown: Iterable[Record]) -> tuple[YearKept, ...]:
        obligations = self._programme.obligations
        assert obligations is not None  # asked only where there are some
        records = tuple(shown)
        years = registration_years(
            self._wallet.registered,
            until=self._today,
            interruptions=self._wallet.interruptions if obligations.pauses else (),
        )
        return tuple(year_kept(obligations, year, records) for year in years)


def _solved(case: Case, award: Award) -> tuple[Problem, Solution]:
    """The award's question and its answer; where the outline shows a no, that is enough."""
    outline = outline_for(case, award)
    cuts = plain_cuts(outline)
    if cuts:
        return outline, Impossible(cuts)
    problem = completed(outline, case)
    return problem, solve(problem)
