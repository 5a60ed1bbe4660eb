"""Amounts of credit are exact, whatever unit they are told in."""

from decimal import Decimal
from typing import Any

import pytest

from degree.rules.exact import CreditUnit, amount_in, credits_text, ects_text, number_in, tenths
from vc.errors import Malformed


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0, 0), (20, 200), (12.3, 123), (7.5, 75), (Decimal("0.1"), 1), (Decimal("1E1"), 100)],
)
def test_an_amount_is_whole_tenths(amount: Any, expected: int) -> None:
    assert tenths(amount) == expected


@pytest.mark.parametrize(
    "amount", [0.05, -1, -0.1, 12.34, Decimal("NaN"), Decimal("Infinity"), "x"]
)
def test_what_is_no_amount_is_refused_by_what_it_is(amount: Any) -> None:
    with pytest.raises(Malformed) as refused:
        tenths(amount)
    assert refused.value.code == "credits"
    assert str(amount) in refused.value.sentence


@pytest.mark.parametrize(
    ("amount", "uk", "ects"),
    [
        (0, "0", "0"),
        (1, "0.1", "0.05"),
        (5, "0.5", "0.25"),
        (120, "12", "6"),
        (125, "12.5", "6.25"),
        (130, "13", "6.5"),
        (1_800, "180", "90"),
        (2_000, "200", "100"),
    ],
)
def test_an_ects_credit_is_two_uk_credits(amount: int, uk: str, ects: str) -> None:
    assert (credits_text(amount), ects_text(amount)) == (uk, ects)
    assert number_in(CreditUnit.UK, amount) == uk
    assert number_in(CreditUnit.ECTS, amount) == ects
    assert amount_in(CreditUnit.UK, amount) == f"{uk} credits"
    assert amount_in(CreditUnit.ECTS, amount) == f"{ects} ECTS credits"


def test_one_credit_is_said_in_the_singular() -> None:
    assert amount_in(CreditUnit.UK, 10) == "1 credit"
    assert amount_in(CreditUnit.ECTS, 20) == "1 ECTS credit"
