"""Each clause of a programme as the value that is read from it, in full and left out."""

from datetime import date
from fractions import Fraction
from typing import Any

from small_programme import ANY, AWARD, small
from wallets import ISSUER, written

from degree.rules.filters import Where
from degree.rules.grammar import read_programme
from degree.rules.programme import (
    AtLevel,
    AttestationRule,
    Award,
    Bound,
    Bucket,
    Class,
    Classification,
    ConcessionRules,
    Condonement,
    Criteria,
    Gate,
    MeasuredAt,
    Part,
    Programme,
    ShelfLife,
    Trusted,
    Unit,
    WhichVersion,
)
from degree.rules.records import Action, Role
from degree.rules.requirements import AllOf, Filled

X, BOTH = frozenset({"X"}), frozenset({"X", "Y"})
TWO = {"awards": [{**AWARD, "credits": 20}, {**AWARD, "id": "Y"}]}
YEAR = {"at_least": 4, "of": "activity", "validated": True}


def read(**changes: Any) -> Programme:
    return read_programme(written(small(**changes)))


def test_what_a_file_leaves_out_is_asked_of_nobody() -> None:
    programme = read()
    bucket = Bucket(name="a", minimum=100, where=Where())
    path = "awards.X.buckets.a"
    award = Award(
        id="X",
        path="awards.X",
        title="X",
        credits=100,
        parts=(Part(path=path, bucket=bucket, minimum=100),),
        requires=AllOf(path="awards.X.requires", children=(Filled(path=path, bucket="a"),)),
    )
    gate = Gate(
        path="evidence_gate",
        trust_list="ours",
        trusted=(Trusted(issuer=ISSUER),),
        may_be_expired=False,
        min_endorsers=0,
        distinct_endorsers=True,
        holder_may_endorse=True,
    )
    assert programme == Programme(
        title="A small programme",
        id="small",
        version="1",
        in_force_from=date(2020, 1, 1),
        digest=programme.digest,
        document=programme.document,
        awards=(award,),
        gate=gate,
    )


def test_the_head_says_where_the_rules_are_from_and_which_version_decides() -> None:
    ruleset = {"id": "small", "version": "2", "in_force_from": date(2024, 2, 1), "source": "E1"}
    programme = read(ruleset=ruleset | {"choose": "start_version_or_better", "supersedes": "1"})
    assert (programme.version, programme.in_force_from) == ("2", date(2024, 2, 1))
    assert (programme.source, programme.choose) == ("E1", WhichVersion.START_OR_BETTER)
    assert read(pass_mark=39.5).pass_mark == 395


def test_an_award_with_all_that_it_may_say() -> None:
    bound = {"id": "own", "credits": 5, "where": {"rpl": False}}
    said = {
        "title": "The X",
        "min_at_level": {7: 5, 6: 7.5},
        "max_below_level": {6: 5},
        "rpl_cap": 0,
        "reuse_cap": 2.5,
        "max_registration_years": 5,
        "pathway": "digital",
        "at_least": [bound],
        "at_most": [{"id": "few", "badges": 3, "where": ANY}],
    }
    award = read(awards=[AWARD | said]).awards[0]
    path, own = "awards.X", Where(rpl=False)
    assert award.title == "The X"
    assert award.floors == (
        AtLevel(path=f"{path}.min_at_level.6", level=6, amount=75),
        AtLevel(path=f"{path}.min_at_level.7", level=7, amount=50),
    )
    assert award.ceilings == (AtLevel(path=f"{path}.max_below_level.6", level=6, amount=50),)
    assert (award.rpl_cap, award.reuse_cap) == (0, 25)
    assert (award.max_registration_years, award.pathway) == (5, "digital")
    assert award.at_least == (
        Bound(path=f"{path}.at_least.own", unit=Unit.CREDITS, amount=Fraction(50), where=own),
    )
    assert award.at_most == (
        Bound(path=f"{path}.at_most.few", unit=Unit.BADGES, amount=Fraction(3), where=Where()),
    )


def test_an_award_that_lists_no_buckets_has_them_all_as_they_are() -> None:
    (award,) = read(awards=[{"id": "X", "credits": 10}]).awards
    assert [(part.path, part.minimum) for part in award.parts] == [
        ("awards.X.buckets.a", 100),
        ("awards.X.buckets.b", 50),
    ]


def test_a_bucket_with_all_that_it_may_say() -> None:
    bounds = [{"id": "own", "share": 0.34, "where": {"rpl": False}}]
    said = {
        "min": 10,
        "where": {"tag": "t"},
        "mandatory": True,
        "rpl": False,
        "min_badges": 2,
        "max_badges": 0,
        "max_credits": 30,
        "min_mark": 39.5,
        "compensatable": False,
        "max_below_level": {6: 0},
        "at_least": bounds,
        "at_most": [],
    }
    del said["at_most"]
    share = Bound(
        path="buckets.a.at_least.own",
        unit=Unit.SHARE,
        amount=Fraction(34, 100),
        where=Where(rpl=False),
    )
    assert read(buckets__a=said).awards[0].parts[0].bucket == Bucket(
        name="a",
        minimum=100,
        where=Where(tags=frozenset("t")),
        mandatory=True,
        rpl=False,
        min_badges=2,
        max_badges=0,
        max_credits=300,
        min_mark=395,
        compensatable=False,
        ceilings=(AtLevel(path="buckets.a.max_below_level.6", level=6, amount=0),),
        at_least=(share,),
    )


def test_a_filter_with_all_that_it_may_say() -> None:
    said: dict[str, Any] = {
        "tag": ["t", "u"],
        "kind": "K",
        "role": ["participant", "co_provider"],
        "code": "C",
        "issuer": "did:web:i",
        "circle": "urn:c",
        "context": "ke",
        "level": 6,
        "level_max": 7,
        "mark": 50,
        "rpl": False,
        "all_of": [{"level": 5}],
        "any_of": [{"any": True}],
        "not": {"role": "participant"},
    }
    found = read(buckets__a={"min": 10, "where": said}).awards[0].parts[0].bucket.where
    assert found == Where(
        tags=frozenset("tu"),
        kinds=frozenset("K"),
        roles=frozenset(Role),
        codes=frozenset("C"),
        issuers=frozenset({"did:web:i"}),
        circles=frozenset({"urn:c"}),
        contexts=frozenset({"ke"}),
        level=6,
        level_max=7,
        mark=500,
        rpl=False,
        all_of=(Where(level=5),),
        any_of=(Where(),),
        negated=Where(roles=frozenset({Role.PARTICIPANT})),
    )


def test_an_issuer_may_be_trusted_for_a_single_day() -> None:
    day = date(2024, 2, 29)
    said = {"issuer": "did:web:once", "from": day, "until": day}
    (trusted,) = read(trust_lists={"ours": [said]}).gate.trusted
    assert (trusted.first, trusted.last) == (day, day)


def test_the_gate_with_all_that_it_may_say() -> None:
    days = {"from": date(2020, 1, 1), "until": date(2021, 1, 1)}
    gate = read(
        trust_lists={"ours": [ISSUER, {"issuer": "did:web:old", **days}]},
        evidence_gate={
            "issuer_in": "trust_list@ours",
            "status": ["not_revoked", "proof_valid"],
            "endorsements": {
                "min": 2,
                "distinct_endorsers": False,
                "endorser_not_in": ["holder", "tutor"],
                "endorser_level_min": 7,
            },
            "currency_years": {
                "rpl": {"years": 5, "measured_at": "registration"},
                "earned": {"years": 9, "measured_at": "decision"},
            },
            "not_already_used_in_award": True,
        },
    ).gate
    lives = "evidence_gate.currency_years"
    assert gate == Gate(
        path="evidence_gate",
        trust_list="ours",
        trusted=(
            Trusted(issuer=ISSUER),
            Trusted(issuer="did:web:old", first=date(2020, 1, 1), last=date(2021, 1, 1)),
        ),
        may_be_expired=True,
        min_endorsers=2,
        distinct_endorsers=False,
        holder_may_endorse=False,
        barred=frozenset({"tutor"}),
        endorser_level=7,
        rpl_life=ShelfLife(path=f"{lives}.rpl", years=5, measured_at=MeasuredAt.REGISTRATION),
        earned_life=ShelfLife(path=f"{lives}.earned", years=9, measured_at=MeasuredAt.DECISION),
        not_used_before=True,
    )


def test_condonement() -> None:
    said = {"max_credits": 20, "mark_floor": 35.5}
    assert read(pass_mark=40, condonement=said).condonement == Condonement(
        path="condonement",
        max_credits=200,
        mark_floor=355,
        not_in=frozenset(),
        cap_class="",
        mean=None,
    )
    more = {"not_in": ["b"], "cap_class": "merit", "mean_at_least": 45}
    classes = {"rpl_marks": "included", "classes": [{"id": "merit", "mean": 60}]}
    found = read(pass_mark=40, condonement=said | more, classification=classes).condonement
    assert found is not None
    assert (found.not_in, found.cap_class, found.mean) == (frozenset("b"), "merit", 450)


def test_classification() -> None:
    first = {
        "id": "first",
        "mean": 70,
        "bucket_means": {"a": 65},
        "credits_at": {70: 10, 100: 5, 0: 20},
        "share_at": {"69.5": 0.5},
        "first_attempts": True,
    }
    second = {"id": "second", "any_of": [{"mean": 60}, {"credits_at": {60: 5}}]}
    said = {"rpl_marks": "excluded_from_mean", "classes": [first, second]}
    path = "classification.first"
    better = Class(
        id="first",
        path=path,
        criteria=Criteria(
            path=path,
            mean=700,
            bucket_means={"a": 650},
            credits_at={700: 100, 1000: 50, 0: 200},
            share_at={695: Fraction(1, 2)},
        ),
        alternatives=(),
        first_attempts=True,
    )
    path = "classification.second"
    worse = Class(
        id="second",
        path=path,
        criteria=Criteria(path=path),
        alternatives=(
            Criteria(path=f"{path}.any_of[0]", mean=600),
            Criteria(path=f"{path}.any_of[1]", credits_at={600: 50}),
        ),
        first_attempts=False,
    )
    assert read(**TWO, classification=said).classification == Classification(
        path="classification",
        awards=BOTH,
        rpl_marks=False,
        half_up=False,
        graded_at_least=0,
        classes=(better, worse),
    )
    more = {"rpl_marks": "included", "awards": ["X"], "mean_rounding": "half_up"}
    found = read(**TWO, classification=said | more | {"graded_at_least": 7.5}).classification
    assert found is not None
    assert (found.rpl_marks, found.half_up, found.graded_at_least) == (True, True, 75)
    assert found.awards == X


def test_attestations_and_concessions() -> None:
    programme = read(
        attestations={"viva": {"says": "It was passed.", "by": "examiner"}},
        concessions={
            "allowed": ["waive", "forgive_year"],
            "requires": ["authority", "date"],
            "never": ["awards.X.credits"],
        },
    )
    assert programme.attestations == (
        AttestationRule(name="viva", says="It was passed.", by="examiner"),
    )
    assert programme.concessions == ConcessionRules(
        path="concessions",
        allowed=frozenset({Action.WAIVE, Action.FORGIVE_YEAR}),
        requires=frozenset({"authority", "date"}),
        never=frozenset({"awards.X.credits"}),
    )
    assert read(concessions={"allowed": ["accept"]}).concessions == ConcessionRules(
        path="concessions",
        allowed=frozenset({Action.ACCEPT}),
        requires=frozenset(),
        never=frozenset(),
    )
