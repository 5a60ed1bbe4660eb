"""Every rule has a path, by which messages, proofs and concessions name it."""

from small_programme import ANY, small
from wallets import written

from degree.rules.grammar import read_programme
from degree.rules.grammar.paths import paths

SMALL = {"awards.X.credits", "awards.X.buckets.a", "buckets.a"}


def paths_of(**changes: object) -> set[str]:
    """What the changes to the small programme add to its paths."""
    return set(paths(read_programme(written(small(**changes))))) - SMALL


def test_an_award_has_paths_for_what_it_asks_and_allows() -> None:
    bound = {"id": "few", "badges": 1, "where": ANY}
    award = {
        "id": "X",
        "credits": 10,
        "rpl_cap": 0,
        "reuse_cap": 5,
        "max_registration_years": 3,
        "min_at_level": {7: 5},
        "max_below_level": {6: 5},
        "at_least": [bound],
        "at_most": [{**bound, "id": "many"}],
        "buckets": {"a": 10},
        "requires": {"all_of": ["a", {"any_of": ["a", {"badge": "A"}]}, {"attested": "viva"}]},
    }
    viva = {"viva": {"says": "Passed.", "by": "examiner"}}
    assert paths_of(awards=[award], attestations=viva) == {
        "awards.X.rpl_cap",
        "awards.X.reuse_cap",
        "awards.X.max_registration_years",
        "awards.X.min_at_level.7",
        "awards.X.max_below_level.6",
        "awards.X.at_least.few",
        "awards.X.at_most.many",
        "awards.X.requires.all_of[1]",
        "awards.X.requires.all_of[1].any_of[1]",
        "awards.X.requires.all_of[2]",
    }


def test_the_rules_of_a_bucket_are_rules_of_the_award() -> None:
    bound = {"id": "few", "badges": 1, "where": ANY}
    bucket = {
        "min": 10,
        "where": ANY,
        "min_badges": 1,
        "max_badges": 9,
        "max_credits": 0,
        "max_below_level": {6: 5},
        "at_least": [bound],
        "at_most": [{**bound, "id": "many"}],
    }
    rules = ("min_badges", "max_badges", "max_credits", "max_below_level.6")
    assert paths_of(buckets__a=bucket) == {
        *(f"awards.X.buckets.a.{name}" for name in rules),
        "awards.X.buckets.a.at_least.few",
        "awards.X.buckets.a.at_most.many",
    }


def test_rules_across_buckets_have_paths_of_their_own() -> None:
    year = {"at_least": 1, "of": "activity", "validated": True}
    assert paths_of(
        distinct={
            "contexts": {"at_least": 2},
            "issuers": {"max_share_each": 0.5},
            "kinds": {"max_credits_each": 0},
        },
        prerequisites=[{"before": "a", "after": "b"}, {"badge": "B", "needs": "A"}],
        exclusions=[["badge:Q", "badge:P"]],
        sharing={"max_badges": 1, "max_credits": 0},
        pass_mark=40,
        condonement={"max_credits": 10, "mark_floor": 30, "mean_at_least": 0},
        obligations={
            "every": "registration_year",
            "joined": year,
            "co_provided": year,
            "misses": {"concession": "none"},
        },
        classification={
            "rpl_marks": "included",
            "classes": [
                {
                    "id": "first",
                    "mean": 0,
                    "bucket_means": {"a": 60},
                    "credits_at": {70: 5},
                    "first_attempts": True,
                    "any_of": [{"share_at": {"69.5": 0.5}}],
                }
            ],
        },
    ) == {
        "distinct.contexts",
        "distinct.issuers.max_share_each",
        "distinct.kinds.max_credits_each",
        "prerequisites.a-before-b",
        "prerequisites.B-needs-A",
        "exclusions.P+Q",
        "sharing.max_badges",
        "sharing.max_credits",
        "condonement.max_credits",
        "condonement.mean_at_least",
        "obligations",
        "classification.first.graded",
        "classification.first.mean",
        "classification.first.bucket_means.a",
        "classification.first.credits_at.70",
        "classification.first.first_attempts",
        "classification.first.any_of[0].share_at.69.5",
    }


def test_what_is_not_asked_has_no_path() -> None:
    assert paths_of() == set()
    assert paths_of(sharing={"max_badges": 1}) == {"sharing.max_badges"}
    floor = {"max_credits": 10, "mark_floor": 30}
    assert paths_of(pass_mark=40, condonement=floor) == {"condonement.max_credits"}
