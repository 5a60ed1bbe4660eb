"""A wallet as a stranger hands it over: each credential verified, or records as they are stated."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from degree.evidence import against, digest_of, records_from, status_of
from degree.receiving.exhibit import Exhibit, exhibit
from degree.receiving.handed import Handed
from degree.rules.faults import Faulty
from degree.rules.records import Status, Wallet
from degree.rules.records_json import read_records
from degree.statement import Aside
from degree.wording import in_words
from vc.effort import bounded, for_many
from vc.errors import Malformed
from vc.fetch import MOST_DOCUMENTS_AT_ONCE, Bounded, Fetcher, ReadOnce
from vc.model import Outcome, Report, Step, Verdict
from vc.presentation import examine_presentation
from vc.verify import verify

RECORDS: Final = "records"
MOST_RECORDS: Final = 200  # badges; a degree of 180 credits has some twenty
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A wallet to decide on. `aside` is what cannot count by any programme, with its reason."""

    wallet: Wallet
    exhibits: tuple[Exhibit, ...] = ()
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Checked:
    """A report by the name of what was handed over."""

    name: str
    report: Report


class NothingHolds(Malformed):
    """Nothing that was handed over is a genuine badge; `aside` tells each with its reason."""

    def __init__(self, aside: tuple[Aside, ...], *, place: str) -> None:
        sentence = "Nothing that was handed over is a badge that holds."
        super().__init__("nothing-holds", sentence, place=place)
        self.aside = aside


def presented(
    handed: Iterable[Handed],
    *,
    registered: date,
    name: str,
    fetcher: Fetcher,
    now: datetime,
    place: str,
) -> Presented:
    """The wallet of whom most of the credentials are about; nobody has proven to be that person.

    All of it has one effort and a number of documents that may be fetched (ADR 21). Raises
    NothingHolds, whose place is `place`.
    """
    checked = _checked(handed, fetcher, now)
    if len(checked) > MOST_RECORDS:
        raise Malformed("too-many", f"At most {MOST_RECORDS} credentials at once.", place=place)
    good = [one.report for one in checked if _holds(one.report)]
    failed = tuple(_failed(one) for one in checked if not _holds(one.report))
    holder = _holder(good)
    # A membership registers nobody with a stranger: the day is asked for.
    found = records_from(good, holder=holder, membership_issuers=frozenset())
    others = tuple(
        Aside(title=each.title, reason=in_words(each.reason)) for each in found.not_records
    )
    if not found.records:
        raise NothingHolds((*failed, *others), place=place)
    wallet = Wallet(
        holder=holder,
        registered=registered,
        records=found.records,
        name=name,
        context_names=found.context_names,
    )
    by_digest = {
        digest_of(report.credential.document): exhibit(report, report.credential)
        for report in good
        if report.credential is not None
    }
    return Presented(
        wallet=wallet,
        exhibits=tuple(by_digest[record.digest] for record in found.records),
        aside=(*failed, *others),
    )


def as_stated(source: bytes, *, name: str) -> Presented:
    """The wallet in a JSON of records: whoever wrote it states it, and nothing is verified.

    Raises Faulty with every fault, and Malformed, whose place is the field.
    """
    try:
        wallet = read_records(source)
    except Faulty:
        raise
    except Malformed as error:
        where = f"{error.place}: " if error.place else ""
        raise Malformed(error.code, f"{where}{error.sentence}", place=RECORDS) from error
    if len(wallet.records) > MOST_RECORDS:
        raise Malformed("too-many", f"At most {MOST_RECORDS} records at once.", place=RECORDS)
    return Presented(wallet=replace(wallet, name=name or wallet.name))


def _checked(handed: Iterable[Handed], fetcher: Fetcher, now: datetime) -> list[_Checked]:
    once = ReadOnce(Bounded(fetcher, most=MOST_DOCUMENTS_AT_ONCE))
    found: list[_Checked] = []
    with bounded(for_many()):
        for one in handed:
            try:
                found += _reports(one, once, now)
            except Exception:
                # What a stranger wrote found a fault of ours. It counts for nothing, and keeps
                # nobody from the answer on what was handed over with it.
                _log.exception("a credential could not be checked")
                sentence = "this could not be checked, by a fault of this office"
                step = Step("structure", Outcome.UNKNOWN, sentence)
                found.append(_Checked(one.name, Report((step,), None, now)))
    return found


def _reports(one: Handed, fetcher: Fetcher, now: datetime) -> Iterator[_Checked]:
    if not one.is_presentation:
        yield _Checked(one.name, verify(one.source, now=now, fetcher=fetcher))
        return
    shown = examine_presentation(one.source, now=now, fetcher=fetcher, challenge=None, domain=None)
    if shown.verdict is Verdict.INVALID:
        yield _Checked(one.name, Report(shown.steps, None, now))
    for number, report in enumerate(shown.credentials, start=1):
        yield _Checked(f"{one.name}, number {number}", report)


def _holds(report: Report) -> bool:
    """Whether it is genuine, and so may be repeated; that it was withdrawn, or that this could not
    be looked up, is told by the rules.

    Where the signature is not known to be good, anybody could have written it.
    """
    return report.is_signed and status_of(report) is not Status.INVALID


def _failed(one: _Checked) -> Aside:
    return Aside(title=one.name, reason=in_words(against(one.report).sentence).rstrip("."))


def _holder(reports: Iterable[Report]) -> str:
    """Whom most are about; the first of them where several are about as many."""
    about = Counter(each.credential.subject_id for each in reports if each.credential)
    return about.most_common(1)[0][0] if about else ""
