"""Programme files: what is read, and that a wrong file is refused with all its faults at once."""

from datetime import date
from fractions import Fraction

import pytest
from wallets import PROGRAMMES, learnometer_msc, outline, written

from degree.rules.grammar import read_programme
from degree.rules.programme import Finished
from degree.rules.reading import Fault, Faulty
from vc.errors import Malformed

AWARD = {"id": "X", "credits": 10, "buckets": {"a": 10}}
BUCKETS = {"a": {"min": 10, "where": {"any": True}}}


def faults_of(source: bytes) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as refused:
        read_programme(source)
    return refused.value.faults


def test_learnometer_msc_is_read_with_its_rules() -> None:
    programme = learnometer_msc()
    assert [award.id for award in programme.awards] == ["MSc", "PGDip", "PGCert"]
    assert [award.credits for award in programme.awards] == [1800, 1200, 600]
    assert programme.version == "2026.1"
    assert programme.in_force_from == date(2026, 9, 1)
    assert programme.validators is not None
    assert programme.validators.max_share == Fraction(34, 100)
    assert programme.prerequisites[0].finished is Finished.BEFORE_END
    assert programme.awards[0].parts[1].path == "awards.MSc.buckets.capstone"


@pytest.mark.parametrize("path", sorted(PROGRAMMES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_programme_of_the_repository_is_read(path: object) -> None:
    assert read_programme((PROGRAMMES / str(path)).read_bytes()).awards


def test_all_faults_are_told_at_once_with_path_and_line() -> None:
    source = b"""programme: Wrong in many places
ruleset: {id: w, version: 1, in_force_from: 2026-13-01}
trust_lists: {ours: ["did:web:example.org"]}
awards:
  - {id: X, credits: 10.25, buckets: {a: 10, nowhere: 5}}
evidence_gate:
  issuer_in: trust_list@theirs
  status: [proof_valid, not_revoked]
  endorsements: {min: two}
buckets:
  a: {min: 10, where: {colour: red}}
  a: {min: 10, where: {any: true}}
obligation: {}
"""
    found = [(fault.line, fault.path) for fault in faults_of(source)]
    assert found == [
        (2, "ruleset.in_force_from"),
        (5, "awards.X.credits"),
        (5, "awards.X.buckets.nowhere"),
        (7, "evidence_gate.issuer_in"),
        (9, "evidence_gate.endorsements.min"),
        (11, "buckets.a.where.colour"),
        (12, "buckets.a"),
        (13, "obligation"),
    ]


def test_fault_says_what_was_found_and_what_was_expected() -> None:
    facts = outline(awards=[{**AWARD, "credits": "many"}], buckets=BUCKETS)
    (fault,) = faults_of(written(facts))
    assert fault.found == "the text 'many'"
    assert fault.expected == "an amount of credit in tenths, such as 20 or 7.5"


@pytest.mark.parametrize(
    ("clause", "value", "says"),
    [
        ("classification", {"merit": 60}, "carries no mark"),
        ("condonement", {"max_credits": 30}, "carries no mark"),
        ("concessions", {"signed": True}, "obligations.misses"),
        ("distinct", {"co_participants": {"at_least": 12}}, "does not list who else took part"),
        ("sharing", {"max_badges": 1}, "one bucket only"),
    ],
)
def test_rule_that_badges_cannot_decide_is_refused_with_the_reason(
    clause: str, value: object, says: str
) -> None:
    (fault,) = faults_of(written(outline(awards=[AWARD], buckets=BUCKETS, **{clause: value})))
    assert says in fault.expected


def test_mandatory_bucket_cannot_be_asked_for_less_in_an_award() -> None:
    buckets = {"a": {**BUCKETS["a"], "mandatory": True}}
    award = {**AWARD, "buckets": {"a": 5}}
    (fault,) = faults_of(written(outline(awards=[award], buckets=buckets)))
    assert (fault.path, fault.expected) == (
        "awards.X.buckets.a",
        "10 or more, because the bucket is mandatory",
    )


def test_awards_must_stand_from_the_highest() -> None:
    awards = [AWARD, {**AWARD, "id": "Y", "credits": 20}]
    (fault,) = faults_of(written(outline(awards=awards, buckets=BUCKETS)))
    assert fault.expected == "the awards from the highest to the lowest"


def test_award_without_buckets_asks_for_all_of_them() -> None:
    award = {"id": "X", "credits": 10}
    programme = read_programme(written(outline(awards=[award], buckets=BUCKETS)))
    assert [part.minimum for part in programme.awards[0].parts] == [100]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe",
        b"a: [1, 2",
        b"a: &x [1]\nb: *x\n",
        b"[" * 50 + b"]" * 50,
        b"a: b\n---\nc: d\n",
        b"a: !!python/object/apply:os.system ['true']\n",
        b"#" * 300_000,
        b"just text",
        b"? [complex, key]\n: 1\n",
    ],
    ids=["empty", "not-utf8", "ends-early", "alias", "deep", "two", "tag", "huge", "text", "key"],
)
def test_what_is_no_programme_is_refused_without_harm(source: bytes) -> None:
    with pytest.raises(Malformed):
        read_programme(source)


def test_yes_is_a_text_and_not_true() -> None:
    facts = written(outline(awards=[AWARD], buckets=BUCKETS)).replace(b"any: true", b"any: yes")
    (fault,) = faults_of(facts)
    assert (fault.found, fault.expected) == ("the text 'yes'", "true or false")
