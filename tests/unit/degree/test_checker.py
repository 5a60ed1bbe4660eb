"""The checker of decision records: what it accepts, and what it objects to, with its place."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from decision_records import (
    CONCESSIONS,
    SAID,
    Document,
    badge,
    cut,
    cuts,
    decision,
    no,
    placed,
    programme,
    undecided,
    verdict,
    yes,
)

from degree import checker
from degree.checker import check, digest, objections

CREDITS = "awards.X.credits"


def rich() -> Document:
    """A record with all three answers, a class, a tree, concessions and most of the language."""
    version = programme(
        ruleset={
            **{"id": "small", "version": 2026.1, "in_force_from": "2020-01-01"},
            **{"choose": "start_version_or_better", "supersedes": None, "source": "E1"},
        },
        pass_mark=40,
        trust_lists={"all": ["did:web:issuer", {"issuer": "did:web:old", "until": "2020-12-31"}]},
        equivalences=[{"from": "badge:OLD", "to": "badge:NEW", "tags": ["t"], "until": "2025-01-01"}],
        buckets={
            "main": {
                **{"min": 20, "where": {"not": {"tag": "none"}}, "max_credits": 500, "min_badges": 1},
                **{"max_below_level": {"6": 30}, "at_most": [bound("few", badges=9)]},
            },
            "side": {"min": 10, "where": {"all_of": [{"tag": ["t", "u"]}, {"level": 6}]}},
        },
        awards=[
            {"id": "W", "credits": 90, "max_registration_years": 9, "pathway": "other"},
            {"id": "X", "credits": 60, "requires": {"any_of": ["side", {"badge": "C"}]}},
            {"id": "Y", "credits": 30, "requires": {"all_of": ["main", {"attested": "viva"}]}},
            {
                **{"id": "Z", "credits": 20, "min_at_level": {"7": 10}, "rpl_cap": 10.5},
                **{"buckets": {"main": 20}, "at_least": [bound("own", share=0.34)]},
            },
        ],
        sharing={"max_badges": 1, "max_credits": 10, "between": [["main", "side"]]},
        distinct={"validators": {"at_least": 2, "max_share_each": 1 - 0.01}},
        prerequisites=[{"badge": "B", "needs": "A", "lapses_after_years": 5}],
        exclusions=[["badge:P", "badge:Q"], {"one_of": ["badge:R", "badge:S"], "awards": ["Z"]}],
        condonement={"max_credits": 10, "mark_floor": 30, "mean_at_least": 40},
        classification={
            **{"rpl_marks": "excluded_from_mean", "awards": ["Z"], "mean_rounding": "half_up"},
            "classes": [{"id": "top", "any_of": [{"mean": 70}, {"credits_at": {"69.5": 50}}]},
                        {"id": "good", "bucket_means": {"main": 50}}],
        },
        attestations={"viva": {"says": "Passed.", "by": "examiner"}},
        concessions=CONCESSIONS | {"requires": ["authority"], "never": ["awards.X"]},
    )  # fmt: skip
    badges = [
        badge("a", mark=60.5, code="OLD", contexts=["ke"], role="co_provider"),
        badge("b", mark=58, rpl=False, activity="act", co_participants=["x"], circle="urn:c"),
        badge("c", 7.5, status="revoked", judges=[{"id": "j", "level": 7, "relation": "peer"}]),
        badge("d", 5, status="unknown", first_attempt=False, kind="K", used_in="PGCert"),
        badge("e", 5, hypothetical=True, digest="sha256:00", judges=["j4", {"id": "j5"}]),
    ]
    places = placed(a="main", b="main", e="main")
    top = {"class": "top", "answer": "not_satisfied", "proof": TOP}
    good = {"class": "good", "answer": "satisfied", "placements": places}
    hangs = undecided(
        award="Y",
        pending=["attested:viva", "d"],
        placements=placed(a="main", b="main", d="main", e="main"),
        proof=cuts(1, 0, "awards.Y.requires.all_of[1]"),
    )
    claims = [
        no({"tree": SPLIT, "conflict": [CREDITS]}),
        hangs,
        yes("Z", a="main", b="main", e="main", classes=[top, good]),
    ]
    aside = [{"record": "c", "rule": "evidence_gate.status"}]
    concession = {"id": "c1", "action": "waive", "path": "sharing.max_credits", **SAID}
    return decision(
        version,
        badges,
        verdict(version, *claims, set_aside=aside),
        verdict(version, *claims, set_aside=aside, concessions=["c1"]),
        outcome={"hypothetical": True},
        **{"concessions": [concession], "pathway": "mine", "name": "A. Member"},
        interruptions=[{"first": "2024-01-01", "last": "2024-02-01"}],
        attestations={"other": {"value": "no", "by": "me", "on": "2026-01-01"}},
    )


def bound(name: str, **amount: Any) -> Document:
    return {"id": name, "where": {"any": True}, **amount}


SPLIT: Document = {
    "split": {"records": ["a", "b"], "in": ["main"], "at_most": 1},
    "low": {"cut": cut(600, 300, CREDITS)},
    "high": {"cut": cut(600, 300, CREDITS)},
}
WHY = "classification.top.any_of"
TOP: Document = {
    "cuts": [
        {
            "rows": {WHY: 20_500, f"{WHY}[0].mean": 1, f"{WHY}[1].credits_at.69.5": 41,
                     "classification.top.graded": 1},
            **{"whole": False, "needed": 1, "could_count": 0},
        }
    ]
}  # fmt: skip


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
    "an award not earned": ("verdicts.0.awards.0", yes("X", a="main"), "awards.X.credits does not"),
    "a class not earned": (f"{Z}.classes", [{"class": "top", "answer": "satisfied",
                                             "placements": placed(a="main", b="main", e="main")}],
                           "classification.top.any_of does not hold"),
    "a class left out": (f"{Z}.classes.0", None, "the order is top, good"),
    "an award left out": ("verdicts.0.awards.0", None, "the order is X, Y, Z"),
    "the last award left out": ("verdicts.0.awards.2", None, "the order is X, Y, Z"),
    "an award renamed": ("verdicts.0.awards.0.award", "W", "the order is X, Y, Z"),
    "set aside forged": ("verdicts.0.set_aside.0.rule", "evidence_gate.issuer_in",
                         "the gate keeps out c by evidence_gate.status"),
    "nothing set aside": ("verdicts.0.set_aside", [], "the gate keeps out c by"),
    "a tree with a missing side": ("verdicts.0.awards.0.proof.tree.low", None, "low is missing"),
    "a conflict with more": ("verdicts.0.awards.0.proof.conflict", [CREDITS, "distinct.validators"],
                             "conflict: the cuts use"),
    "a conflict with less": ("verdicts.0.awards.0.proof.conflict", [], "conflict: the cuts use"),
    "years forged": ("verdicts.0.awards.1.because.years", [1], "because.years"),
    "pending forged": ("verdicts.0.awards.1.because.pending", ["d"], "because.pending"),
    "a concession left out": ("verdicts.1.concessions", [], "there must be one by"),
    "a concession made up": ("verdicts.1.concessions", ["c2"], "there must be one by"),
    "the verdict with concessions left out": ("verdicts.1", None, "there must be one by"),
    "the outcome's award": ("outcome.award", "Y", 'outcome.award: it is "Z"'),
    "the outcome's class": ("outcome.class", "top", 'outcome.class: it is "good"'),
    "the outcome's answer": ("outcome.answer", "satisfied", 'outcome.answer: it is "undecided"'),
    "no word of what is hypothetical": ("outcome.hypothetical", False, "it is true"),
    "the credit of a badge": ("wallet.records.0.credits", 9, "could_count: it is 290"),
    "the day of the decision": ("today", "2040-01-01", "there must be one by"),
    "a badge that ends before it starts": ("wallet.records.0.activity_end", "2023-01-01",
                                           "activity_end: before its start"),
    "a pause that ends before it starts": ("wallet.interruptions.0.last", "2023-01-01",
                                           "before its first day"),
    "two badges of one id": ("wallet.records.1.id", "a", "wallet.records: 'a' stands twice"),
    "two kinds of credit": ("wallet.records.1.ects", 5, "credits or ects is expected"),
    "a concession that says too much": ("wallet.concessions.0.to", 5, "it must say path"),
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
    return copy  # type: ignore[no-any-return]


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


def places_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from places_of(inner, (*path, key))


def edited(record: Document, path: tuple[Any, ...], edit: Callable[[Any, Any], None]) -> Document:
    copy = json.loads(json.dumps(record))
    inner: Any = copy
    for key in path[:-1]:
        inner = inner[key]
    edit(inner, path[-1] if path else None)
    return copy  # type: ignore[no-any-return]


def test_unknown_key_is_refused_wherever_it_stands() -> None:
    record = rich()
    objects = [path for path in places_of(record) if isinstance(_at(record, path), dict)]
    for path in objects:
        if path and path[-1] in ("engine", "context_names"):
            continue  # where any name may stand
        copy = edited(record, (*path, "surplus"), lambda inner, key: inner.update({key: "x"}))
        assert objections(copy), path


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


OTHERS = (None, True, -1, 0, 10**30, 0.5, 1e300, float("nan"), "", "x", "\ud800", [], {}, [[]],
          {"a": 1}, ["a"], 2**53, 1.0000001, "2026-02-30", object(), (), b"x")  # fmt: skip


def test_no_value_of_any_other_type_raises() -> None:
    record = rich()
    for path in list(places_of(record))[1:]:
        for other in OTHERS:
            copy = edited(record, path, lambda inner, key, other=other: _set(inner, key, other))  # type: ignore[misc]
            assert isinstance(objections(copy), list), (path, other)


def _set(inner: Any, key: Any, value: Any) -> None:
    inner[key] = value


def test_no_missing_and_no_repeated_value_raises() -> None:
    record = rich()
    for path in list(places_of(record))[1:]:
        assert isinstance(objections(edited(record, path, lambda inner, key: inner.pop(key))), list)
        if isinstance(path[-1], int):
            twice = edited(record, path, lambda inner, key: inner.insert(key, inner[key]))
            assert isinstance(objections(twice), list)


@pytest.mark.parametrize("record", [None, 1, "x", [], {}, [rich()], float("inf"), object()])
def test_what_is_no_record_is_refused(record: Any) -> None:
    assert objections(record)


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"\xff", "it is not UTF-8: invalid start byte at byte 0"),
        (b'{"a": NaN}', "NaN is no number of a record"),
        (b'{"a": -Infinity}', "-Infinity is no number of a record"),
        (b'{"a": 1' + b"0" * 10_000 + b"}", "is no number of a record"),
        (b'{"a": 1e9999}', "is no number of a record"),
        (b'{"a": 1.' + b"0" * 10_000 + b"}", "is no number of a record"),
        (b'{"a": 1, "a": 2}', "the key 'a' stands twice"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":' * 700 + b"1" + b"}" * 700, "nested"),
        (b'{"form": 1}', "engine is missing"),
        (b'{"a": 1e999}', "neither a text nor a number"),
        (b'{"a": 0e-999}', "the key 'a' is not known"),
        (b'{"a": "\\ud800"}', "neither a text"),
        (b'{"\\ud800": 1}', "a key is no text"),
        (b"null", "an object is expected"),
    ],
)
def test_hostile_text_is_refused_with_a_sentence(text: bytes, objection: str) -> None:
    assert objection in "\n".join(check(text))


def test_huge_amounts_are_worked_out_or_refused_without_harm() -> None:
    most = 2**53 - 1
    version = programme(awards=[{"id": "X", "credits": most}])
    badges = [badge(name, most - 1) for name in "pq"]
    heard = objections(decision(version, badges, yes(p="main", q="main")))
    assert heard == []
    version = programme(awards=[{"id": "X", "credits": most // 20}])
    badges = [badge("p", most // 20 - 1)]
    rows = cuts(most // 20 * 10, most // 20 * 10 - 10, CREDITS, whole=True)
    assert objections(decision(version, badges[:1], no(rows))) == []


def test_days_at_the_ends_of_the_calendar_do_no_harm() -> None:
    duty = {"at_least": 0, "of": "activity", "validated": True}
    obligations = {
        **{"every": "registration_year", "joined": duty, "co_provided": duty},
        **{"misses": {"concession": "none"}, "pauses": "authorised_interruptions"},
    }
    gate = programme()["evidence_gate"]
    gate["currency_years"] = {"earned": {"years": 10**15, "measured_at": "decision"}}
    version = programme(
        obligations=obligations,
        evidence_gate=gate,
        awards=[{"id": "X", "credits": 20, "max_registration_years": 10**15}],
    )
    badges = [badge("p", activity_start="0001-01-01"), badge("q", activity_end="9999-12-31")]
    pauses = [{"first": "0001-01-01", "last": "9999-12-31"}]
    for registered in ("0001-01-01", "9999-12-31"):
        claim = yes(p="main", q="main")
        record = decision(version, badges, claim, registered=registered, interruptions=pauses)
        assert objections(record | {"today": "9999-12-31"}) == []


def test_digest_is_of_the_canonical_json() -> None:
    value = {"\U0001f600": 1, "\ufb33": [1.5, 0.00001, -0.0, 7.0, True, None], "a\n": "é\u007f"}
    canonical = '{"a\\n":"é\x7f","\U0001f600":1,"\ufb33":[1.5,0.00001,0,7,true,null]}'
    import hashlib

    assert digest(value) == "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def test_digest_is_that_of_the_published_canonicalisation() -> None:
    import hashlib

    import rfc8785

    record = rich()
    assert digest(record) == "sha256:" + hashlib.sha256(rfc8785.dumps(record)).hexdigest()


def test_checker_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(checker.__file__).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
                for alias in node.names}  # fmt: skip
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_every_kind_that_is_named_is_known() -> None:
    named = [inner for keys in checker.OBJECTS.values() for inner in keys.values()]
    named += [inner for kinds in checker.CHOICES.values() for inner in kinds]
    words = {word for kind in named if kind[0] != "=" for word in kind.strip("[]{}+").split()}
    assert words <= {*checker.OBJECTS, *checker.CHOICES, *checker.PLAIN}


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", checker.__file__, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_command_accepts_and_names_what_it_did_not_verify(tmp_path: Path) -> None:
    record = rich() | {"approvals": [{"by": "x"}]}
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record))
    done = run(str(path))
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode()
    assert "approvals: 1, which are not verified here" in said
    assert digest({key: value for key, value in record.items() if key != "approvals"}) in said
    assert run("-", given=path.read_bytes()).stdout == done.stdout


def test_command_refuses_with_an_objection_a_line() -> None:
    record = rich()
    record["outcome"] |= {"award": "\n\x1b[2J", "class": None}
    done = run("-", given=json.dumps(record).encode())
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        'outcome.award: it is "Z"',
        'outcome.class: it is "good"',
    ]
    record["wallet"]["records"][0]["\n\x1b[2J\u202e"] = 1
    (line,) = run("-", given=json.dumps(record).encode()).stdout.decode().splitlines()
    assert line == r"record.wallet.records[0]: the key '\n\x1b[2J\u202e' is not known"


@pytest.mark.parametrize("arguments", [(), ("a", "b"), ("/nowhere/at/all",), ("\0",), ("-",)])
def test_command_says_what_it_cannot_read(arguments: tuple[str, ...]) -> None:
    if arguments == ("\0",):
        pytest.skip("no operating system hands this over")
    done = run(*arguments, given=b"[" * 100_000)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1
    assert b"Traceback" not in done.stderr
