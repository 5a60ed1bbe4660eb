"""The whole decision: which award has this wallet earned, and why.

# (1) the evidence gate (2) for each award from the highest: what fits it, (3) the exact placing of
# whole badges, (4) the yearly obligations, (5) the checker over every yes, (6) the sentences.
That the records are true (issuer's signature, status on the day) is the caller's work.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from degree.rules.allocation import Allocation, Result, allocate, conflict
from degree.rules.checker import objections
from degree.rules.explain import Answer, AwardOutcome, Decision, Finding, Placement
from degree.rules.gate import SetAside, Sifted, in_order, sift
from degree.rules.posing import problem_for
from degree.rules.problem import Problem
from degree.rules.programme import Award, Programme
from degree.rules.reasons import left_out, shortfalls
from degree.rules.records import Record, Status, Wallet
from degree.rules.registration import YearKept, registration_years, year_kept
from vc.errors import Conflict

NOT_NEEDED: Final = "not needed: other badges fill the award"
NOT_SHOWN: Final = "not in the placing shown here"


def audit(programme: Programme, wallet: Wallet, *, today: date) -> Decision:
    """The decision on `today`. Raises vc.errors.Conflict before the programme is in force.

    The same wallet, in whatever order its records come, gets the same decision.
    """
    if today < programme.in_force_from:
        sentence = f"Version {programme.version} is in force from {programme.in_force_from} only."
        raise Conflict("not-in-force", sentence, place="ruleset.in_force_from")
    sifted = sift(programme.gate, wallet, today=today)
    outcomes = []
    for award in programme.awards:
        outcomes.append(_Bench(programme, wallet, award, today).outcome(sifted))
        if outcomes[-1].answer is Answer.SATISFIED:
            break
    return Decision(
        programme=programme.id,
        programme_title=programme.title,
        version=programme.version,
        digest=programme.digest,
        holder=wallet.holder,
        name=wallet.name,
        today=today,
        awards=tuple(outcomes),
        set_aside=(*sifted.set_aside, *_unchecked(programme, sifted)),
    )


def _unchecked(programme: Programme, sifted: Sifted) -> tuple[SetAside, ...]:
    return tuple(
        SetAside(
            record=record.id,
            rule=f"{programme.gate.path}.status",
            reason="it could not be checked whether it still holds",
        )
        for record in sifted.pending
    )


class _Bench:
    """Decides one award for one wallet."""

    def __init__(self, programme: Programme, wallet: Wallet, award: Award, today: date) -> None:
        self._programme = programme
        self._wallet = wallet
        self._award = award
        self._today = today

    def outcome(self, sifted: Sifted) -> AwardOutcome:
        """Decide without the badges that could not be checked; when that is a no and with them
        it would not be, the answer hangs on them and is undecided."""
        sure = tuple(record for record in sifted.shown if record.status is not Status.UNKNOWN)
        without = self._decide(sifted.counting, sure)
        if without.answer is not Answer.NOT_SATISFIED or len(sure) == len(sifted.shown):
            return without
        hoped = self._decide(in_order((*sifted.counting, *sifted.pending)), sifted.shown)
        if hoped.answer is Answer.NOT_SATISFIED:
            return without
        return self._hanging(hoped, sifted)

    def _hanging(self, hoped: AwardOutcome, sifted: Sifted) -> AwardOutcome:
        unchecked = {record.id for record in sifted.shown if record.status is Status.UNKNOWN}
        used = tuple(sorted(unchecked))
        reason = f"it hangs on {len(used)} badges whose status could not be checked"
        rule = f"{self._programme.gate.path}.status"
        finding = Finding(rule=rule, met=None, reason=reason, used=used)
        return replace(
            hoped,
            answer=Answer.UNDECIDED,
            summary=f"Undecided: {reason}.",
            findings=(finding, *hoped.findings),
        )

    def _decide(
        self, records: tuple[Record, ...] | list[Record], shown: tuple[Record, ...]
    ) -> AwardOutcome:
        problem, unfit = problem_for(self._award, self._programme, self._wallet, records)
        allocation = allocate(problem)
        duties = self._duties(shown)
        answer = _both(_answer_of(allocation), _answer_over(duties))
        refused = self._refused(problem, allocation) if answer is Answer.SATISFIED else ()
        short = shortfalls(problem) if allocation.result is Result.IMPOSSIBLE else ()
        clash: tuple[str, ...] = ()
        if allocation.result is Result.IMPOSSIBLE and not any(cut.at_least for cut in short):
            clash = conflict(problem)
        findings = (*_findings(problem, allocation, clash), *duties, *refused)
        if refused:
            answer = Answer.UNDECIDED
        otherwise = NOT_NEEDED if allocation.result is Result.FOUND else NOT_SHOWN
        return AwardOutcome(
            award=self._award.id,
            title=self._award.title,
            answer=answer,
            summary=_summary(answer, findings, tuple(cut.sentence for cut in short)),
            findings=findings,
            placements=_placements(problem, allocation),
            set_aside=(*unfit, *left_out(problem, allocation.placed, otherwise=otherwise)),
            shortfalls=short,
            conflict=clash,
        )

    def _refused(self, problem: Problem, allocation: Allocation) -> tuple[Finding, ...]:
        """What the checker says against an allocation: nothing, or it goes to the board."""
        return tuple(
            Finding(rule=f"{self._award.path}", met=None, reason=f"the checker objects: {said}")
            for said in objections(
                self._programme,
                self._wallet,
                award_id=self._award.id,
                placements=_placements(problem, allocation),
                today=self._today,
            )
        )

    def _duties(self, shown: tuple[Record, ...]) -> tuple[Finding, ...]:
        obligations = self._programme.obligations
        if obligations is None or self._award.id not in obligations.awards:
            return ()
        years = registration_years(
            self._wallet.registered,
            until=self._today,
            interruptions=self._wallet.interruptions if obligations.pauses else (),
        )
        kept = [year_kept(obligations, year, shown) for year in years]
        missed = sum(not year.kept and year.year.last < self._today for year in kept)
        return tuple(self._duty(year, missed) for year in kept)

    def _duty(self, year: YearKept, missed: int) -> Finding:
        obligations = self._programme.obligations
        assert obligations is not None  # asked only where there are some
        reason = (
            f"{year.year.first} to {year.year.last}: joined {len(year.joined)} of "
            f"{obligations.joined} activities, co-provided {len(year.co_provided)} of "
            f"{obligations.co_provided}"
        )
        met: bool | None = True
        if not year.kept and year.year.last >= self._today:
            reason += "; this year is still running"
        elif not year.kept and missed <= obligations.forgivable:
            met, reason = None, f"{reason}; the board may forgive this year"
        elif not year.kept:
            met, reason = False, f"{reason}; more years were missed than the board may forgive"
        rule = f"{obligations.path}.year-{year.year.number}"
        return Finding(rule=rule, met=met, reason=reason, used=(*year.joined, *year.co_provided))


def _answer_of(allocation: Allocation) -> Answer:
    match allocation.result:
        case Result.FOUND:
            return Answer.SATISFIED
        case Result.IMPOSSIBLE:
            return Answer.NOT_SATISFIED
        case Result.GAVE_UP:
            return Answer.UNDECIDED


def _answer_over(findings: tuple[Finding, ...]) -> Answer:
    if any(finding.met is False for finding in findings):
        return Answer.NOT_SATISFIED
    undecided = any(finding.met is None for finding in findings)
    return Answer.UNDECIDED if undecided else Answer.SATISFIED


def _both(one: Answer, other: Answer) -> Answer:
    """Three-valued and: a no wins over undecided, undecided over a yes."""
    for answer in (Answer.NOT_SATISFIED, Answer.UNDECIDED):
        if answer in (one, other):
            return answer
    return Answer.SATISFIED


def _findings(
    problem: Problem, allocation: Allocation, clash: tuple[str, ...]
) -> tuple[Finding, ...]:
    findings = [rule.finding(allocation.placed) for rule in problem.requirements]
    path = problem.award.path
    if allocation.result is Result.GAVE_UP:
        reason = (
            f"{allocation.steps} steps of search neither found a placing of whole badges that "
            "keeps every rule nor excluded one"
        )
        doubtful = [finding if finding.met else replace(finding, met=None) for finding in findings]
        return (Finding(rule=path, met=None, reason=reason), *doubtful)
    if clash:
        reason = "no placing of whole badges keeps these rules together: " + ", ".join(clash)
        return (Finding(rule=path, met=False, reason=reason), *findings)
    return tuple(findings)


def _placements(problem: Problem, allocation: Allocation) -> tuple[Placement, ...]:
    return tuple(
        Placement(record=record.id, bucket=problem.award.parts[place].bucket.name)
        for record, place in zip(problem.records, allocation.placed, strict=True)
        if place >= 0
    )


def _summary(answer: Answer, findings: tuple[Finding, ...], short: tuple[str, ...]) -> str:
    if answer is Answer.SATISFIED:
        return "Satisfied: every requirement is filled."
    if answer is Answer.UNDECIDED:
        open_ = [finding.reason for finding in findings if finding.met is None]
        return f"Undecided, for the board: {open_[0]}."
    unmet = [f"{finding.rule}: {finding.reason}." for finding in findings if finding.met is False]
    return "Not satisfied yet. " + " ".join(short or unmet[:1])
