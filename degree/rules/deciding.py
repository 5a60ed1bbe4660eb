"""The whole decision: which award has this wallet earned, and why.

# (1) the versions of the programme that may decide; for each, without concessions and with them,
# on a bench (bench.py): (2) the evidence gate, (3) for each award from the highest: the yearly
# obligations, the placing of whole badges, and both again with what is pending, (4) the best class;
# (5) the best version.
That the records are true (issuer's signature, status on the day) is the caller's work.
"""

from collections.abc import Sequence
from datetime import date

from degree.rules.bench import Bench
from degree.rules.concessions import applying, refusals
from degree.rules.explain import Answer, AwardAnswer, Decision, Verdict
from degree.rules.programme import Programme
from degree.rules.records import Concession, Wallet
from degree.rules.versions import admissible, best


def decide(programmes: Sequence[Programme], wallet: Wallet, *, today: date) -> Decision:
    """The decision on `today` by the versions of one programme.

    Raises vc.errors.Conflict when none of them is in force. The same wallet, in whatever order its
    records come, gets the same decision.
    """
    versions = admissible(programmes, wallet.registered, today=today)
    granted = {each.digest: applying(each, wallet, today=today) for each in versions}
    plain = [verdict(each, wallet, (), today=today) for each in versions]
    conceded = [
        verdict(each, wallet, granted[each.digest], today=today)
        for each in versions
        if any(granted.values())
    ]
    outcome = best(conceded or plain)
    return Decision(
        wallet=wallet,
        today=today,
        verdicts=(*plain, *conceded),
        outcome=outcome,
        refused=refusals(outcome.programme, wallet, today=today),
    )


def verdict(
    programme: Programme, wallet: Wallet, concessions: tuple[Concession, ...], *, today: date
) -> Verdict:
    """What one version says, with these concessions."""
    bench = Bench(programme, wallet, concessions, today)
    answers: list[AwardAnswer] = []
    for award in programme.awards:
        if award.pathway and wallet.pathway not in ("", award.pathway):
            continue
        answers.append(bench.answer(award))
        if answers[-1].answer is Answer.SATISFIED:
            break
    return Verdict(
        programme=programme,
        concessions=concessions,
        awards=tuple(answers),
        set_aside=bench.sifted.set_aside,
    )
