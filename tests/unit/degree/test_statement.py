"""How an audit reads: sentences of the engine as people read them."""

from datetime import date

from degree_instances import instance
from wallets import decided, granted, programme, record

from degree.buckets import asks
from degree.rules.deciding import decide
from degree.rules.explain import Answer, Decision
from degree.rules.grammar import programme_from_json
from degree.rules.programme import AtLevel, Bucket, Where
from degree.rules.records import Concession, Record, Role
from degree.rules.records_json import wallet_from_json
from degree.statement import Statement, stated
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


def test_a_wallet_on_a_pathway_without_awards_is_told_so() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 5, "pathway": "digital"}],
        buckets={"any": {"min": 0, "where": {"any": True}}},
    )
    shown = stated(decided(rules, [record("x")], pathway="other"), rules)
    assert shown.verdict == "No award of this programme is on the pathway “other”."
    assert (shown.progress, shown.focus, shown.focus_first) == ("", None, ())


YEARS = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 0, "of": "activity", "validated": True},
    "misses": {"concession": "allowed", "max": 1, "approver": "board"},
}


def with_years(
    *records: Record, registered: date, concessions: tuple[Concession, ...] = ()
) -> Statement:
    rules = programme(
        awards=[{"id": "X", "title": "Diploma", "credits": 5}],
        buckets={"any": {"min": 0, "where": {"any": True}}},
        obligations=YEARS,
        concessions={"allowed": ["forgive_year"]},
    )
    found = decided(rules, records, registered=registered, concessions=concessions)
    return stated(found, rules)


def years(shown: Statement) -> list[str]:
    return [year.state for year in shown.focus.years]


def test_years_are_kept_missed_or_running_on_a_no_that_they_decide() -> None:
    shown = with_years(record("x"), registered=date(2022, 12, 1))
    assert years(shown) == ["missed", "met", "missed", "running"]
    assert shown.focus.lost
    assert shown.verdict == "No award can be earned any more."
    assert shown.progress == "Too many registration years were missed for the Diploma."
    assert shown.focus.shortfalls == (
        "Too many registration years were missed: 1 and 3; at most 1 may be forgiven.",
    )


def test_a_missed_year_is_undecided_only_while_the_board_may_still_decide_on_it() -> None:
    first = date(2023, 12, 1)
    before_the_board = with_years(record("x"), registered=first)
    assert before_the_board.focus.state == "undecided"
    assert years(before_the_board) == ["met", "undecided", "running"]
    too_little = with_years(record("x", 2), registered=first)
    assert (too_little.focus.state, too_little.focus.lost) == ("needed", False)
    assert years(too_little) == ["met", "missed", "running"]
    forgiven = with_years(
        record("x"), registered=first, concessions=(granted("forgive_year", year=2),)
    )
    assert forgiven.focus.state == "met"
    assert years(forgiven) == ["met", "forgiven", "running"]


def test_what_is_filled_is_called_by_its_name() -> None:
    shown = with_years(record("x"), registered=date(2025, 12, 1))
    assert shown.verdict == "The Diploma is earned."
    assert shown.progress == "Every requirement of the Diploma is filled."
    assert years(shown) == ["running"]


def test_a_bucket_counts_its_badges_in_the_right_number() -> None:
    one = Bucket(name="a", minimum=0, where=Where(), min_badges=1, max_badges=1)
    assert asks(one) == "Any badge; at least 1 badge; at most 1 badge."


def test_a_bucket_that_is_one_of_several_ways_is_not_called_met_while_it_is_not_filled() -> None:
    rules = programme(
        awards=[
            {
                "id": "X",
                "credits": 5,
                "buckets": {"a": 5, "b": 5},
                "requires": {"any_of": ["a", "b"]},
            }
        ],
        buckets={name: {"min": 0, "where": {"tag": name}} for name in "ab"},
    )
    shown = stated(decided(rules, [record("x", 5, tags="a")]), rules)
    assert shown.focus.state == "met"
    assert {each.title: each.state for each in shown.focus.buckets} == {"A": "met", "B": "unchosen"}


def test_a_word_that_nobody_has_given_is_not_decided_yet() -> None:
    award = {
        "id": "X",
        "title": "Award",
        "credits": 10,
        "requires": {"all_of": ["a", {"attested": "viva"}]},
    }
    rules = programme(
        awards=[award],
        buckets={"a": {"min": 10, "where": {"any": True}}},
        attestations={"viva": {"says": "The viva was passed.", "by": "external examiner"}},
    )
    for records in ([], [record("x", 10)]):
        (shown,) = stated(decided(rules, records), rules).awards
        (line,) = (each for each in shown.rules if "viva" in each.title)
        assert (line.title, line.state) == ("The viva was passed", "undecided")
        assert line.says == "Nobody has said so yet"
