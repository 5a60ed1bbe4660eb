"""The checker accepts what holds and refuses each broken rule, knowing nothing of the search."""

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from wallets import TODAY, learnometer_msc, wallet

from degree.rules import checker
from degree.rules.audit import audit
from degree.rules.checker import objections
from degree.rules.explain import Placement
from degree.rules.records import Record, Role, Status, Wallet
from degree.rules.records_json import read_records

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
MSC = learnometer_msc()
GRADUATE = read_records((EXAMPLES / "two-circles-and-a-capstone.json").read_bytes())
PLACEMENTS = audit(MSC, GRADUATE, today=TODAY).awards[0].placements


def said(presented: Wallet = GRADUATE, placements: tuple[Placement, ...] = PLACEMENTS) -> str:
    against = objections(MSC, presented, award_id="MSc", placements=placements, today=TODAY)
    return "\n".join(against)


def with_all(numbers: tuple[int, ...], **changes: Any) -> Wallet:
    ends = tuple(f"{number:012d}" for number in numbers)

    def edited(record: Record) -> Record:
        return replace(record, **changes) if record.id.endswith(ends) else record

    return replace(GRADUATE, records=tuple(edited(record) for record in GRADUATE.records))


def test_decision_of_the_engine_is_accepted() -> None:
    assert said() == ""


@pytest.mark.parametrize(
    ("numbers", "changes", "objection"),
    [
        ((1,), {"issuer": "did:web:other.example"}, "evidence gate"),
        ((1,), {"status": Status.UNKNOWN}, "evidence gate"),
        ((1,), {"judges": ("did:key:zA", GRADUATE.holder, "did:key:zA")}, "evidence gate"),
        ((1,), {"used_in": "PGCert"}, "already counts"),
        ((1,), {"activity_end": date(2016, 1, 1)}, "past its 10 years"),
        ((1,), {"rpl": True}, "does not fit research_methods"),
        ((1,), {"tags": frozenset()}, "does not fit research_methods"),
        ((19,), {"level": 6}, "does not fit capstone"),
        ((5,), {"role": Role.PARTICIPANT}, "does not fit co_provision"),
        ((19,), {"credits_tenths": 299}, "capstone holds less"),
        ((4, 9), {"level": 6, "credits_tenths": 200}, "too much at level 6"),
        ((2, 3, 4, 5, 6, 8, 9, 10), {"level": 6}, "too few credits at level 7"),
        ((4, 9, 12, 15, 16), {"rpl": True, "credits_tenths": 300}, "of prior learning"),
        (tuple(range(1, 23)), {"contexts": frozenset({"one"})}, "too few contexts"),
        (tuple(range(1, 23)), {"circle": "one"}, "too few circles"),
        (tuple(range(1, 23)), {"judges": ("did:key:zA", "did:key:zB")}, "too few judges"),
        ((19, 20), {"judges": ("did:key:zA", "did:key:zB")}, ""),
        ((19, 20, 4), {"judges": ("did:key:zA", "did:key:zB")}, "too large a share"),
        ((1, 2), {"code": "RM-101"}, "more than one of RM-101"),
        ((13,), {"activity_end": date(2026, 11, 1)}, "was not finished before"),
        ((5,), {"activity_end": date(2024, 9, 20)}, "year 1 was missed"),
    ],
)
def test_broken_rule_is_named(
    numbers: tuple[int, ...], changes: dict[str, Any], objection: str
) -> None:
    found = said(with_all(numbers, **changes))
    assert (objection in found) if objection else found == ""


def test_missing_unknown_and_double_placements_are_refused() -> None:
    assert "credits do not reach" in said(placements=PLACEMENTS[:-2])
    assert "not presented" in said(wallet(GRADUATE.records[:-3], registered=GRADUATE.registered))
    assert "twice" in said(placements=(*PLACEMENTS, PLACEMENTS[0]))
    stray = replace(PLACEMENTS[0], bucket="nowhere")
    assert "no bucket nowhere" in said(placements=(stray, *PLACEMENTS[1:]))


def test_badge_after_the_registration_limit_is_refused() -> None:
    assert "after the registration ended" in said(replace(GRADUATE, registered=date(2019, 9, 1)))


def test_checker_imports_nothing_of_the_engine() -> None:
    tree = ast.parse(Path(checker.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {name for name in imported if name and name.startswith("degree")}
    assert ours == {"degree.rules.explain", "degree.rules.programme", "degree.rules.records"}
