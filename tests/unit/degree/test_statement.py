"""How an audit reads: sentences of the engine as people read them."""

from degree.rules.programme import AtLevel, Bucket, Where
from degree.rules.records import Role
from degree.statement import asks, in_words


def test_a_bucket_says_what_fills_it() -> None:
    bucket = Bucket(
        name="capstone",
        minimum=600,
        where=Where(tags=frozenset({"capstone"}), level=7),
        rpl=False,
        max_badges=2,
    )
    assert asks(bucket) == (
        "Badges tagged capstone, at level 7 or above; prior learning does not count here; "
        "at most 2 badges."
    )


def test_a_bucket_for_anything_says_so_with_its_limit() -> None:
    ceiling = AtLevel(path="x", level=6, amount=300)
    bucket = Bucket(name="electives", minimum=0, where=Where(), ceilings=(ceiling,))
    assert asks(bucket) == "Any badge; at most 30 credits at level 6 or below."


def test_a_bucket_of_provided_activities_speaks_to_the_member() -> None:
    bucket = Bucket(name="co", minimum=0, where=Where(roles=frozenset({Role.CO_PROVIDER})))
    assert asks(bucket) == "Badges for activities that you provided with others."


def test_dates_and_keys_of_the_engine_are_made_readable() -> None:
    key = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    said = in_words(f"ended on 2024-03-05, judged by {key}")
    assert said == "Ended on 5 March 2024, judged by key z6MkhaX…2doK"
