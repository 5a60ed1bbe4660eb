"""What a programme asks of all badges together is told in words, and nothing is left out."""

from pathlib import Path

from wallets import programme

from degree.catalogue import FOLDER
from degree.overall import overall
from degree.rules.grammar import read_programme

_CONTEXTS = (
    "Behind the badges that count: at least 2 different contexts, with 15 credits each "
    "(MSc and PGDip)."
)
_YEARS = (
    "In each year of membership: at least 4 activities joined and 2 provided with others "
    "(MSc and PGDip); the board may forgive 1 missed."
)


def test_our_own_degree_tells_every_rule_over_all_badges() -> None:
    ours = read_programme((FOLDER / "learnometer-msc.yaml").read_bytes())
    assert list(overall(ours)) == [
        "Prior learning ended no more than 5 years before the registration.",
        "All else ended no more than 10 years before the decision.",
        "No other award counts it already.",
        _CONTEXTS,
        "Behind the badges that count: at least 2 different circles (MSc).",
        "Behind the badges that count: at least 6 different judges.",
        "No judge has endorsed more than 34 % of the credit.",
        _YEARS,
        "For the MSc: all within 6 years of registration.",
        "Badges for research methods ended no later than those for capstone.",
        "Of the badges RM-101 and RM-LITE one counts.",
        "Of the badges FAC-A and FAC-A-2024 one counts.",
    ]


def test_limits_and_needs_are_told() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}],
        buckets={"a": {"min": 0, "where": {"any": True}}},
        distinct={"issuers": {"max_credits_each": 20}, "kinds": {"at_least": 1}},
        prerequisites=[{"badge": "TWO", "needs": "ONE", "finished": "before_start"}],
    )
    assert overall(rules) == (
        "No issuer stands behind more than 20 credits.",
        "Behind the badges that count: at least 1 kind of badge.",
        "TWO counts beside ONE, which ended before it.",
    )


def test_every_encoded_programme_can_be_told() -> None:
    told = [overall(read_programme(path.read_bytes())) for path in Path(FOLDER).rglob("*.yaml")]
    assert len(told) > 8
    assert any(told)
