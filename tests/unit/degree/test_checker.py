"""The checker of decision records: what it accepts, and what it objects to, with its place."""

import ast
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from approved import approved
from decision_records import (
    CREDITS,
    WHY,
    Document,
    badge,
    cuts,
    decision,
    no,
    placed,
    programme,
    rich,
    yes,
)

from degree import checker
from degree.checker import check, digest, objections


def test_record_with_all_three_answers_is_accepted() -> None:
    assert objections(rich()) == []
    assert check(json.dumps(rich()).encode()) == []


def test_small_yes_and_small_no_are_accepted() -> None:
    two = [badge("p"), badge("q")]
    assert objections(decision(programme(), two, yes(p="main", q="main"))) == []
    assert objections(decision(programme(), two[:1], no(cuts(200, 100, CREDITS)))) == []


Z = "verdicts.1.awards.2"
CHANGES: dict[str, tuple[str, Any, str]] = {
    "a placement dropped": (f"{Z}.placements.0", None, "awards.Z.credits does not hold"),
    "placements out of order": (f"{Z}.placements", placed(e="main") + placed(a="main", b="main"),
                                "not sorted by record"),
    "a record placed twice": (f"{Z}.placements.1.record", "a", "not sorted by record"),
    "a record that is not there": (f"{Z}.placements.0.record", "Z", "Z may not count in main"),
    "a bucket that is not there": (f"{Z}.placements.0.buckets.0", "no", "a may not count in no"),
    "a badge set aside placed": (f"{Z}.placements.2.record", "c", "c may not count in main"),
    "a pending badge placed": (f"{Z}.placements.2.record", "d", "d may not count in main"),
    "a count raised": (f"{Z}.classes.0.proof.cuts.0.could_count", -1, "could_count: it is 0"),
    "what is needed raised": (f"{Z}.classes.0.proof.cuts.0.needed", 2, "needed: it is 1"),
    "a multiplier": (f"{Z}.classes.0.proof.cuts.0.rows.{WHY}", 20_499, "it proves nothing"),
    "an award not earned": ("verdicts.0.awards", [yes("X", a="main")], "awards.X.credits does not"),
    "a class not earned": (f"{Z}.classes", [{"class": "top", "answer": "satisfied",
                                             "placements": placed(a="main", b="main", e="main")}],
                           "classification.top.any_of does not hold"),
    "a class left out": (f"{Z}.classes.0", None, "the order is top, good"),
    "an award left out": ("verdicts.0.awards.0", None, "the order is X, Y, Z"),
    "the last award left out": ("verdicts.0.awards.2", None, "the order is X, Y, Z"),
    "an award renamed": ("verdicts.0.awards.0.award", "W", "the order is X, Y, Z"),
    "set aside forged": ("verdicts.0.set_aside.0.rule", "evidence_gate.issuer_in",
                         'it is [{"record": "c", "rule": "evidence_gate.status"}]'),
    "nothing set aside": ("verdicts.0.set_aside", [], "set_aside: it is"),
    "a tree with a missing side": ("verdicts.0.awards.0.proof.tree.low", None, "low is missing"),
    "a conflict with more": ("verdicts.0.awards.0.proof.conflict", [CREDITS, "distinct.validators"],
                             "conflict: it is"),
    "a conflict with less": ("verdicts.0.awards.0.proof.conflict", [], "conflict: it is"),
    "years forged": ("verdicts.0.awards.1.because.years", [1], "because.years"),
    "pending forged": ("verdicts.0.awards.1.because.pending", ["d"], "because.pending"),
    "a concession left out": ("verdicts.1.concessions", [], "by programme and concessions"),
    "a concession made up": ("verdicts.1.concessions", ["c2"], "by programme and concessions"),
    "the verdict with concessions left out": ("verdicts.1", None, "by programme and concessions"),
    "the outcome's award": ("outcome.award", "Y", 'outcome.award: it is "Z"'),
    "the outcome's class": ("outcome.class", "top", 'outcome.class: it is "good"'),
    "the outcome's answer": ("outcome.answer", "satisfied", 'outcome.answer: it is "undecided"'),
    "no word of what is hypothetical": ("outcome.hypothetical", False, "it is true"),
    "the credit of a badge": ("wallet.records.0.credits", 9, "could_count: it is 290"),
    "the day of the decision": ("today", "2040-01-01", "by programme and concessions"),
    "a badge that ends before it starts": ("wallet.records.0.activity_end", "2023-01-01",
                                           "activity_end: before its start"),
    "a pause that ends before it starts": ("wallet.interruptions.0.last", "2023-01-01",
                                           "before its first day"),
    "two badges of one id": ("wallet.records.1.id", "a", "wallet.records: 'a' stands twice"),
    "two kinds of credit": ("wallet.records.1.ects", 5, "the key 'ects' is not known"),
    "a concession that says too much": ("wallet.concessions.0.to", 5, "action: reduce is expected"),
    "another form": ("form", "learnometer-decision/1", "learnometer-decision/2 is expected"),
}  # fmt: skip


def changed(record: Document, path: str, value: Any) -> Document:
    """The record with another value at the path; without it for None."""
    copy = json.loads(json.dumps(record))
    *way, last = (int(key) if key.isdigit() else key for key in path.split("."))
    inner: Any = copy
    for key in way:
        inner = inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return copy


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_record_is_refused(change: tuple[str, Any, str]) -> None:
    path, value, objection = change
    path = path.replace(f"rows.{WHY}", "rows.WHY")
    record = rich()
    if path.endswith("WHY"):
        rows = {
            "rows": record["verdicts"][1]["awards"][2]["classes"][0]["proof"]["cuts"][0]["rows"]
        }
        rows["rows"] = rows["rows"] | {WHY: value}
        record = changed(record, path.removesuffix(".WHY"), rows["rows"])
    else:
        record = changed(record, path, value)
    assert objection in "\n".join(objections(record))


def test_changed_programme_has_another_digest() -> None:
    record = rich()
    (key,) = record["programmes"]
    version = record["programmes"][key]
    forged = record | {"programmes": {key: version | {"programme": "Another"}}}
    assert f"its digest is {digest(version | {'programme': 'Another'})}" in objections(forged)[0]


def test_digest_is_of_the_canonical_json() -> None:
    value = {"\U0001f600": 1, "\ufb33": [1.5, 0.00001, -0.0, 7.0, True, None], "a\n": "é\u007f"}
    canonical = '{"a\\n":"é\x7f","\U0001f600":1,"\ufb33":[1.5,0.00001,0,7,true,null]}'
    assert digest(value) == "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def test_digest_is_that_of_the_published_canonicalisation() -> None:
    record = rich()
    assert digest(record) == "sha256:" + hashlib.sha256(rfc8785.dumps(record)).hexdigest()


def test_checker_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(checker.__file__).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
                for alias in node.names}  # fmt: skip
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_every_kind_that_is_named_is_known() -> None:
    choices = [keys for kinds in checker.OBJECTS.values() for keys in kinds]
    named = [kind for keys in choices for kind in keys.values() if "=" not in kind]
    words = {word for kind in named for word in re.split(r"[\[\]{}+/:]", kind) if word}
    assert words <= {*checker.OBJECTS, *checker.PLAIN}


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", checker.__file__, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_command_accepts_and_names_what_it_did_not_verify(tmp_path: Path) -> None:
    record = approved(rich())
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record))
    done = run(str(path))
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode()
    assert "approved by Ruth Cole as registrar at 2026-11-22T12:00:00Z" in said
    assert "not verified here: see docs/verifying.md" in said
    assert digest({key: value for key, value in record.items() if key != "approvals"}) in said
    assert run("-", given=path.read_bytes()).stdout == done.stdout


def test_command_refuses_with_an_objection_a_line() -> None:
    record = json.loads(json.dumps(rich()))
    record["outcome"] |= {"award": "\n\x1b[2J", "class": None}
    done = run("-", given=json.dumps(record).encode())
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        'outcome.award: it is "Z"',
        'outcome.class: it is "good"',
    ]
    record["wallet"]["records"][0]["\n\x1b[2J\u202e"] = 1
    (line,) = run("-", given=json.dumps(record).encode()).stdout.decode().splitlines()
    assert line == r"record.wallet.records.0: the key '\n\x1b[2J\u202e' is not known"


@pytest.mark.parametrize("arguments", [(), ("a", "b"), ("/nowhere/at/all",), ("-",)])
def test_command_says_what_it_cannot_read(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, given=b"[" * 100_000)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1
    assert b"Traceback" not in done.stderr
