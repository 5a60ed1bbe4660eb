"""What `learnometer degree` does with files, without the command line: lint, audit, plan, check and
replay."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from accounts.approval import PasskeySignature, verify_approval
from degree.checker import check
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, replayed, written
from degree.rules.explain import Decision
from degree.rules.faults import Fault, Faulty
from degree.rules.grammar import read_programme
from degree.rules.linting import Remark, lint
from degree.rules.planning import Plan, next_above, plan
from degree.rules.programme import Programme
from degree.rules.records_json import read_records
from degree.rules.rendering import decision_as_text
from degree.rules.saying import none_on
from degree.rules.saying_plans import plan_in_words, step_in_words
from vc.documents import JsonObject, parse
from vc.errors import Malformed, Missing, NotAuthenticated

# Bytes; a thousand badges with a tree of proofs take a few megabytes.
LARGEST_DECISION_RECORD: Final = 67_108_864
_MOST_NODES: Final = 2_000_000  # values in such a record
_DEEPEST: Final = 600  # levels of a tree of proofs, as the checker reads them

Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Audited:
    """A decision, and the version of this software that made it."""

    decision: Decision
    version: str

    def as_text(self) -> str:
        """For a terminal."""
        return decision_as_text(self.decision)

    def as_json(self) -> str:
        """The decision record, for machines."""
        return written(decision_record(self.decision, learnometer=self.version)).decode() + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What is to be said of a programme file: its faults, or the remarks if it has none."""

    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def as_text(self) -> str:
        """For a terminal: a line for each."""
        lines = [str(each) for each in (*self.faults, *self.remarks)] or ["No remarks."]
        return "".join(f"{line}\n" for line in lines)

    def as_json(self) -> str:
        """For machines."""
        found = {
            "faults": [asdict(fault) for fault in self.faults],
            "remarks": [asdict(remark) for remark in self.remarks],
        }
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Planned:
    """The shortest way to an award, or None where no award lies above the one that is earned, or
    none is on the `pathway`."""

    programme: Programme
    plan: Plan | None
    today: date
    pathway: str = ""

    @property
    def leads_on(self) -> bool:
        """Whether there is a way, or none is needed."""
        return self.plan.found if self.plan else not self.pathway

    def as_text(self) -> str:
        """For a terminal."""
        lines = [f"{self.programme.title}, version {self.programme.version}, on {self.today}"]
        if self.plan is None and self.pathway:
            return f"{lines[0]}\n{none_on(self.pathway)}\n"
        if self.plan is None:
            return f"{lines[0]}\nThe highest award is earned: nothing is left to plan.\n"
        lines += plan_in_words(self.plan)
        if self.plan.steps:
            lines.append("Decided with these badges, as if they were earned today:")
            lines += (f"  {step_in_words(step)}" for step in self.plan.steps)
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Replayed:
    """Whether the same bytes came out, and otherwise where the first difference lies."""

    same: bool
    differs: str
    engine: JsonObject


def linted(programme: Path) -> Linted:
    """The faults or remarks of a programme. Raises vc.errors.Refused for what is no YAML file."""
    return _read(programme, _linted)


def _linted(source: bytes) -> Linted:
    try:
        return Linted(remarks=lint(source))
    except Faulty as faulty:
        return Linted(faults=faulty.faults)


def audited(programmes: Iterable[Path], records: Path, *, today: date, version: str) -> Audited:
    """The decision by these versions of one programme.

    Raises vc.errors.Refused, which names the file and the place in it.
    """
    rules = versions(programmes)
    wallet = _read(records, read_records)
    return Audited(decide(rules, wallet, today=today), version)


def versions(programmes: Iterable[Path]) -> Sequence[Programme]:
    """The versions of one programme in these files. Raises vc.errors.Refused, as `audited` does."""
    rules = [_read(path, read_programme) for path in programmes]
    if len({each.id for each in rules}) > 1:
        ids = " and ".join(sorted({each.id for each in rules}))
        raise Malformed("programme", f"These are several programmes, not versions of one: {ids}.")
    return rules


def planned(
    programmes: Iterable[Path], records: Path, *, award: str | None, today: date
) -> Planned:
    """The shortest way to an award, or to the one above the earned, by the version that decides.

    Raises vc.errors.Refused, which names the file and the place in it, or the award.
    """
    rules, wallet = versions(programmes), _read(records, read_records)
    outcome = decide(rules, wallet, today=today).outcome
    chosen = award or next_above(outcome)
    if chosen is None:
        pathway = "" if outcome.awards else wallet.pathway
        return Planned(outcome.programme, None, today, pathway)
    concessions = outcome.concessions
    way = plan(outcome.programme, wallet, chosen, today=today, concessions=concessions)
    return Planned(outcome.programme, way, today)


@dataclass(frozen=True, slots=True)
class Checked:
    """What speaks against a decision record, and who approved it by a signature that holds."""

    objections: tuple[str, ...]
    approved_by: tuple[str, ...]


def checked(record: Path) -> Checked:
    """Check a decision record; no objection accepts it. Raises vc.errors.Refused.

    The checker does all but the signatures of passkeys, for which it would need a library.
    """
    source = _bytes(record)
    if said := check(source):
        return Checked(tuple(said), ())
    approvals = _parsed(source)["approvals"]
    against = [(number, _against(each)) for number, each in enumerate(approvals)]
    return Checked(
        tuple(f"approvals[{number}].signature: {why}" for number, why in against if why),
        tuple(f"{each['name']}, {each['role'].replace('_', ' ')}" for each in approvals),
    )


def _against(approval: JsonObject) -> str:
    """Why the signature of an approval does not hold, at the site that it names."""
    try:
        signature = PasskeySignature.from_json(approval["signature"])
        verify_approval(
            signature,
            expected_digest=signature.digest,  # the checker has compared it
            expected_origin=signature.origin,
            expected_rp_id=signature.rp_id,
        )
    except (Malformed, NotAuthenticated) as refusal:
        return refusal.sentence
    return ""


def replay(record: Path, *, version: str) -> Replayed:
    """Make the decision in a record again, and compare. Raises vc.errors.Refused."""
    before = _read(record, _parsed)
    try:
        again = replayed(before, learnometer=version)
    except Malformed as error:
        raise _placed(record, error) from error
    engine = before.get("engine")
    # The versions say who decided; what was decided is compared without them.
    before, again = ({**each, "engine": None} for each in (before, again))
    differs = next(
        (name for name in sorted({*before, *again}) if before.get(name) != again.get(name)), ""
    )
    same = not differs and written(before) == written(again)
    return Replayed(same, differs, engine if isinstance(engine, dict) else {})


def _parsed(source: bytes) -> JsonObject:
    return parse(source, largest=LARGEST_DECISION_RECORD, most_nodes=_MOST_NODES, deepest=_DEEPEST)


def _read(path: Path, reader: Callable[[bytes], Form]) -> Form:
    source = _bytes(path)
    try:
        return reader(source)
    except Malformed as error:
        raise _placed(path, error) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Missing("file", f"It cannot be read: {error.strerror}.", place=str(path)) from error


def _placed(path: Path, error: Malformed) -> Malformed:
    place = f"{path}, {error.place}" if error.place else str(path)
    return Malformed(error.code, error.sentence, place=place)
