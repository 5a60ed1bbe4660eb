"""The registry's list groups cases as the board's list does."""

import pytest

from degree.standings import by_standing
from degree.store import Case
from degree.tables import ApplicationRow, DecisionRow


@pytest.mark.parametrize(
    ("answer", "earned", "approved", "group"),
    [
        ("undecided", "PGCert", (), "for_the_board"),
        ("undecided", "PGCert", ("d",), "for_the_board"),
        ("undecided", None, (), "for_the_board"),
        ("satisfied", "PGCert", (), "to_approve"),
        ("satisfied", "PGCert", ("d",), "to_confer"),
        ("not_satisfied", None, (), "not_yet"),
    ],
)
def test_the_registry_groups_cases_as_the_board_does(
    answer: str, earned: str | None, approved: tuple[str, ...], group: str
) -> None:
    decision = DecisionRow(id="d", answer=answer, earned=earned)
    case = Case(ApplicationRow(), decision, None)
    assert by_standing([case], approved=frozenset(approved)) == {group: [case]}
