"""The random cases: the same for the same seed, within the language, near the border."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from degree_families import FAMILIES
from degree_instances import constructs, instance, large_instance, planted, random_instance
from degree_oracle import best_of
from degree_realistic import MSC, programme_as_json, realistic
from degree_sketch import TODAY, Instance

LEAST = 0.03  # of the cases have each construct in them

# All that docs/degree.md names; each must come up often enough.
EVERYTHING = """
credit_unit ects|pass_mark|trusted issuer|trusted from|trusted until|not_expired left out|versions
evidence_gate.endorsements.min|evidence_gate.endorsements.distinct_endorsers
evidence_gate.endorsements.endorser_not_in|evidence_gate.endorsements.endorser_level_min
evidence_gate.currency_years.rpl.measured_at registration|evidence_gate.not_already_used_in_award
evidence_gate.currency_years.rpl.measured_at decision
evidence_gate.currency_years.earned.measured_at registration
evidence_gate.currency_years.earned.measured_at decision
equivalences.from|equivalences.tags|equivalences.until
where any|where tag|where kind|where role|where code|where issuer|where circle|where context
where level|where level_max|where mark|where rpl|where any_of|where all_of|where not
buckets.*.min|buckets.*.mandatory|buckets.*.rpl|buckets.*.min_badges|buckets.*.max_badges
buckets.*.max_credits|buckets.*.min_mark|buckets.*.compensatable|buckets.*.max_below_level
buckets.*.at_least credits|buckets.*.at_least badges|buckets.*.at_least share
buckets.*.at_most credits|buckets.*.at_most badges|buckets.*.at_most share
awards.credits|awards.min_at_level|awards.max_below_level|awards.rpl_cap|awards.reuse_cap
awards.max_registration_years|awards.pathway|wallet pathway|awards.buckets|awards without buckets
awards.at_least credits|awards.at_least badges|awards.at_least share|several awards
awards.at_most credits|awards.at_most badges|awards.at_most share
requires all_of|requires any_of|requires choose|requires badge|requires attested
sharing.max_badges|sharing.max_credits|sharing.between
prerequisites.before|prerequisites.badge|prerequisites.lapses_after_years|prerequisites.awards
prerequisites.finished before_end|prerequisites.finished before_start
exclusions plain|exclusions.one_of|exclusions.awards
obligations.joined.at_least|obligations.co_provided.disjoint_from|obligations.pauses
obligations.misses.max|obligations.awards|wallet interruptions
condonement.max_credits|condonement.mark_floor|condonement.not_in|condonement.mean_at_least
condonement.cap_class pass|condonement.cap_class of a class
classification.awards|classification.graded_at_least|classification.mean_rounding half_up
classification.rpl_marks excluded_from_mean|classification.rpl_marks included
classification.classes.mean|classification.classes.bucket_means
classification.classes.credits_at|classification.classes.share_at
classification.classes.first_attempts|classification.classes.any_of.mean
classification.classes.any_of.bucket_means|classification.classes.any_of.credits_at
classification.classes.any_of.share_at|resit|record mark
attested yes|attested no|attested pending|hypothetical
concessions.allowed waive|concessions.allowed reduce|concessions.allowed accept
concessions.allowed forgive_year|concessions.requires|concessions.never
concession waive|concession reduce|concession accept|concession forgive_year
status valid|status unknown|status expired|status revoked|status suspended|status invalid
record used_in|record activity|versions start_version|versions start_version_or_better
""".replace("\n", "|")
VARIETY = [
    f"distinct.{dimension}.{rule}"
    for dimension in ("contexts", "circles", "validators", "co_participants", "issuers", "kinds")
    for rule in ("at_least", "min_credits_each", "max_share_each", "max_credits_each", "awards")
]
NAMES = [name for name in EVERYTHING.split("|") if name] + VARIETY


@pytest.fixture(scope="module")
def mixed() -> list[Instance]:
    return [random_instance(seed) for seed in range(500)]


def test_every_construct_comes_up_often(mixed: list[Instance]) -> None:
    shares = Counter(name for case in mixed for name in constructs(case))
    assert [name for name in NAMES if shares[name] < LEAST * len(mixed)] == []


def test_cases_stand_near_the_border(mixed: list[Instance]) -> None:
    answers = [best_of(case.programmes, case.wallet, case.today) for case in mixed[:250]]
    awards = [award.answer for a in answers for award in a.verdicts[0].awards[:1]]
    assert 0.35 < awards.count("satisfied") / len(awards) < 0.65
    assert 0.03 < awards.count("undecided") / len(awards) < 0.2
    conceded = [a for a in answers if a.verdicts[-1].concessions]
    assert sum(a.verdicts[-1].awards != a.verdicts[0].awards for a in conceded) >= 5
    assert sum(a.version > 0 for a in answers) >= 5
    found = Counter(said for a in answers for v in a.verdicts for w in v.awards
                    for _, said in w.classes)  # fmt: skip
    assert min(found[said] for said in ("satisfied", "not_satisfied")) >= 20


def test_same_seed_gives_the_same_case() -> None:
    assert [instance(seed) for seed in range(40)] == [instance(seed) for seed in range(40)]


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    children = value.values() if isinstance(value, dict) else value
    for child in children if isinstance(value, dict | list) else ():
        yield from keys(child)


# A name that is no key of the language would be refused by it, or read by nobody.
HEAD = {"programme", "ruleset", "id", "version", "in_force_from", "choose", "supersedes"}
WITHIN = {"evidence_gate", "issuer_in", "status", "trust_lists", "ours", "title", "measured_at"}
NAMED = {"core", "project", "practice", "ethics", "electives", "viva", "placement", "5", "6", "7"}
MARKS = {"50", "60", "69.5", "70"}
SAYING = {
    "attestations",
    "says",
    "by",
    "approver",
    "concession",
    "of",
    "every",
    "validated",
    "to",
    "credits_at",
}


def test_programmes_have_no_surprising_keys(mixed: list[Instance]) -> None:
    words = {word for name in NAMES for part in name.split() for word in part.split(".")}
    known = words | HEAD | WITHIN | NAMED | MARKS | SAYING | {"after", "needs", "years", "buckets"}
    for case in mixed:
        for programme in case.programmes:
            assert set(keys(programme)) <= known | {"credit_unit", "bucket_means", "share_at"}
        assert json.loads(json.dumps(case.wallet)) == case.wallet


@pytest.mark.parametrize("family", FAMILIES)
def test_adversarial_families_say_yes_and_no(family: Any) -> None:
    cases: list[Instance] = [family(seed) for seed in range(40)]
    answers = [best_of(case.programmes, case.wallet, case.today).answer for case in cases]
    assert 0.1 < answers.count("satisfied") / len(answers) < 0.95
    planted_answers = {a for a, case in zip(answers, cases, strict=True) if case.planted}
    assert planted_answers <= {"satisfied"}


def test_large_cases_have_up_to_sixty_badges() -> None:
    sizes = [len(large_instance(seed).wallet["records"]) for seed in range(40)]
    assert min(sizes) >= 13
    assert 45 <= max(sizes) <= 60


@pytest.mark.parametrize(("badges", "buckets"), [(60, 20), (500, 100)])
def test_planted_case_has_its_plan(badges: int, buckets: int) -> None:
    case = planted(badges, buckets, 0.9, seed=1)
    award = case.programme["awards"][0]
    assert len(case.wallet["records"]) == badges
    assert len(award["buckets"]) == buckets
    held = sum(record["credits"] for record in case.wallet["records"])
    assert 0.85 * held < award["credits"] <= 0.9 * held


@pytest.mark.parametrize("badges", [10, 60, 1000])
def test_realistic_wallet_fits_its_programme(badges: int) -> None:
    wallet = realistic(badges, seed=3)
    assert len(wallet["records"]) == badges
    assert len({record["id"] for record in wallet["records"]}) == badges
    assert all(record["activity_end"] <= TODAY.isoformat() for record in wallet["records"])
    tags = {tag for record in wallet["records"] for tag in record["tags"]}
    asked = programme_as_json(MSC)["buckets"].values()
    named = {rule["where"]["tag"] for rule in asked if "tag" in rule["where"]}
    assert badges == 10 or named <= tags
