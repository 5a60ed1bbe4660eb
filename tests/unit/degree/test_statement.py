"""How an audit reads: sentences of the engine as people read them."""

from degree_instances import instance

from degree.buckets import asks
from degree.rules.deciding import decide
from degree.rules.explain import Answer, Decision
from degree.rules.grammar import programme_from_json
from degree.rules.programme import AtLevel, Bucket, Where
from degree.rules.records import Role
from degree.rules.records_json import wallet_from_json
from degree.statement import stated
from degree.wording import in_words

# A no in which condonement, circles, a share, an exclusion or an order comes up only by a badge
# that is pending.
PENDING = (233, 428, 552, 661, 726)


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


def decision(seed: int) -> Decision:
    case = instance(seed)
    programmes = [programme_from_json(each) for each in case.programmes]
    return decide(programmes, wallet_from_json(case.wallet), today=case.today)


def test_every_decision_can_be_stated_and_a_no_says_what_is_missing() -> None:
    for seed in (*range(20), *PENDING):
        found = decision(seed)
        shown = stated(found, found.outcome.programme)
        proofs = {each.award: each for each in found.outcome.awards}
        for award in (each for each in shown.awards if each.id in proofs):
            refused = proofs[award.id].answer is Answer.NOT_SATISFIED
            assert bool(award.shortfalls) is refused, seed
