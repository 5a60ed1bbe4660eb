"""The rules of an award that no badge here could break, so that no row was written for them: a
reader is told that they were tested as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from degree.rules.across import labelled
from degree.rules.concessions import Relief, relief
from degree.rules.explain import Verdict
from degree.rules.laying_out import Finding, Layout
from degree.rules.programme import Award, Dimension, Distinct, Programme
from degree.rules.records import Record, Wallet
from degree.rules.rows import Counts


def also_kept(verdict: Verdict, layout: Layout, wallet: Wallet) -> tuple[Finding, ...]:
    """Those that the placing keeps and that are not among its findings, one for each rule.

    A share is one where the placing counts something, and nobody is behind more of it.
    """
    known = {each.rule for each in layout.findings}
    granted = relief(verdict.concessions)
    found = _found(verdict.programme, layout, wallet, granted)
    return tuple(each for each in found if each.rule not in known and not granted.waives(each.rule))


def _found(
    programme: Programme, layout: Layout, wallet: Wallet, granted: Relief
) -> Iterator[Finding]:
    records = {record.id: record for record in layout.problem.records}
    counted = [records[each.record] for each in layout.placements]
    for rule in sorted(programme.distinct, key=lambda rule: rule.dimension):
        if layout.award.id in rule.awards:
            yield from _of_labels(rule, counted, wallet.holder, granted)
    yield from map(_kept, _across(programme, layout.award))
    years = layout.award.max_registration_years
    if years is not None:
        path = f"{layout.award.path}.max_registration_years"
        conceded = granted.amount(path)
        yield _kept(path, bound=years if conceded is None else int(conceded))


def _of_labels(
    rule: Distinct, counted: Iterable[Record], holder: str, granted: Relief
) -> Iterator[Finding]:
    behind, total = _behind(rule.dimension, counted, holder)
    largest = max(behind.values(), default=0)
    if rule.max_share is not None and total:
        path = f"{rule.path}.max_share_each"
        conceded = granted.amount(path)
        most = rule.max_share if conceded is None else conceded
        if Fraction(largest, total) <= most:
            yield _kept(path, measure=Fraction(largest, total), most=most)
    if rule.max_credits is not None:
        yield _kept(f"{rule.path}.max_credits_each", bound=rule.max_credits)


def _behind(
    dimension: Dimension, counted: Iterable[Record], holder: str
) -> tuple[Counter[str], int]:
    """The credit behind each label, and all that is counted."""
    behind, total = Counter[str](), 0
    for record in counted:
        total += record.credits_tenths
        for label in labelled(dimension, record, holder=holder):
            behind[label] += record.credits_tenths
    return behind, total


def _across(programme: Programme, award: Award) -> Iterator[str]:
    """The paths of the rules on order, exclusion, sharing and condonement that hold for it."""
    listed = set(award.bucket_names)
    for order in programme.prerequisites:
        if award.id in order.awards and {order.before, order.after} <= listed:
            yield order.path
    yield from (needs.path for needs in programme.needs if award.id in needs.awards)
    yield from (each.path for each in programme.exclusions if award.id in each.awards)
    sharing, condonement = programme.sharing, programme.condonement
    if sharing is not None and sharing.max_badges is not None:
        yield f"{sharing.path}.max_badges"
    if condonement is not None:
        yield f"{condonement.path}.max_credits"


def _kept(
    path: str,
    *,
    bound: int = 0,
    measure: Fraction | None = None,
    most: Fraction | None = None,
) -> Finding:
    return Finding(
        rule=path,
        met=True,
        asks=False,
        counts=Counts.OTHER,
        counted=0,
        bound=bound,
        measure=measure,
        most=most,
    )
