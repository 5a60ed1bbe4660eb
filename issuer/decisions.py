"""Decisions on record: which one stands, and who may still look at the same thing again."""

from datetime import datetime
from typing import Final

from issuer import box
from issuer.store import Ledger
from issuer.tables.judging import ContributionRow, DecisionRow
from vc.errors import Forbidden

BALLOT: Final = "ballot"
MODERATOR: Final = "moderator"
# The later stages follow in the alphabet too, so that a query can put the last word last.
ON_APPEAL: Final = "on_appeal"
# What a badge says where the ballot did not have the last word.
LAST_WORDS: Final = {MODERATOR: "a moderator", ON_APPEAL: "an appeal"}


def standing(ledger: Ledger, poll: str) -> DecisionRow:
    """The last word: on appeal, else a moderator's, else the ballot's. Raises Missing."""
    for stage in (ON_APPEAL, MODERATOR):
        found = ledger.find(DecisionRow, poll, stage)
        if found is not None:
            return found
    return ledger.get(DecisionRow, poll, BALLOT)


def revised(
    earlier: DecisionRow, *, stage: str, outcome: str, sentence: str, by: str, now: datetime
) -> DecisionRow:
    """What somebody decided after an earlier decision, with the numbers and reasons of both."""
    return DecisionRow(
        poll=earlier.poll,
        stage=stage,
        outcome=outcome,
        tally=earlier.tally,
        sentences=[*earlier.sentences, sentence],
        levels=earlier.levels,
        overall=earlier.overall,
        decided_at=now,
        decided_by=by,
    )


def expect_impartial(ledger: Ledger, contribution: ContributionRow, person_id: str) -> None:
    """Raise Forbidden for an author, a judge of any revision, and who decided on the present one.

    Whoever looks at a contribution again has had no part in what was decided.
    """
    polls = [box.panel_poll(contribution.id, n) for n in range(contribution.revision + 1)]
    concerned = {seat.judge_id for poll in polls for seat in ledger.seats(poll)}
    concerned |= {contribution.author_id, *contribution.co_authors}
    earlier = [ledger.find(DecisionRow, polls[-1], stage) for stage in (MODERATOR, ON_APPEAL)]
    concerned |= {row.decided_by for row in earlier if row is not None and row.decided_by}
    if person_id in concerned:
        raise Forbidden("concerned", "Who wrote, judged or decided it cannot decide on it again.")
