"""The desk: whatever somebody hands over is checked, and said plainly.

One function judges, `Desk.examine`; the page, the command and the VC-API are its three faces.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from vc.documents import JsonObject
from vc.effort import bounded, for_many
from vc.errors import Malformed, Refused
from vc.fetch import MOST_DOCUMENTS_AT_ONCE, Bounded, Fetcher, ReadOnce
from vc.lists_seen import ListsSeen
from vc.model import Outcome, Report, Step
from vc.presentation import examine_presentation
from vc.verify import verify
from verifier.attached import attached_in, is_pdf
from verifier.checked import (
    FAULT,
    UNREADABLE,
    Checked,
    CheckedPresentation,
    checked_as_json,
    could_not_be_had,
    refusal_as_report,
    step_as_json,
)
from verifier.handing import Handed, address_in, several_in
from verifier.trust import Registry, TrustFinding

__all__ = [
    "Checked",
    "CheckedPresentation",
    "Desk",
    "checked_as_json",
    "refusal_as_report",
    "step_as_json",
]

MOST_REPORTS: Final = 100  # as many badges as one share link shows
_log = logging.getLogger(__name__)
_ACCEPT: Final = "application/vc, application/vc+ld+json, application/json, text/plain, image/png"


@dataclass(frozen=True, slots=True)
class Desk:
    """Checks credentials given as bytes or by URL, against one trust registry.

    `takes_unsigned` says whether an unsigned presentation is taken from callers who named a
    challenge too, as conformance suites do.
    """

    fetcher: Fetcher
    registry: Registry
    seen: ListsSeen = field(default_factory=ListsSeen)
    takes_unsigned: bool = False

    def check(
        self, source: bytes | str | JsonObject, *, now: datetime, recipient: str = ""
    ) -> Checked:
        """Check one credential in any form, or what stands at the URL of one.

        Where a `recipient` is named, by a DID or an e-mail address, it has to be about them.

        Raises Refused when a URL was given from which nothing, or more than one, could be had.
        """
        content = _content(source, self.fetcher)
        if count := len(several_in(content)):
            sentence = f"There are {count} credentials here. Hand them over one by one."
            raise Malformed("several", sentence)
        return self._judge(content, self.fetcher, now, recipient)

    def examine(
        self, handed: Iterable[Handed], *, now: datetime, recipient: str = ""
    ) -> list[Checked]:
        """Check all that was handed over; what is wrong with one never stops the others.

        A share link that shows several credentials gives a report for each.
        """
        # One answer to one person: what several credentials name is looked up once.
        fetcher = ReadOnce(Bounded(self.fetcher, most=MOST_DOCUMENTS_AT_ONCE))
        found: list[Checked] = []
        with bounded(for_many()):
            for one in handed:
                try:
                    left = MOST_REPORTS - len(found)
                    found += self._opened(one, fetcher, now, left=left, recipient=recipient)
                except Refused as error:
                    found.append(could_not_be_had(error, now=now, name=one.name))
        return found

    def check_presentation(
        self,
        source: str | JsonObject,
        *,
        challenge: str | None,
        domain: str | None,
        now: datetime,
    ) -> CheckedPresentation:
        """Check a presentation, signed or not, and what is presented."""
        report = examine_presentation(
            source,
            now=now,
            fetcher=self.fetcher,
            challenge=challenge,
            domain=domain,
            may_be_unsigned=self.takes_unsigned,
        )
        checked = tuple(Checked(one, self._trust(one)) for one in report.credentials)
        return CheckedPresentation(report, checked)

    def _opened(
        self, handed: Handed, fetcher: Fetcher, now: datetime, *, left: int, recipient: str
    ) -> list[Checked]:
        if isinstance(handed.source, Refused):
            raise handed.source
        content = _content(handed.source, fetcher)
        several = several_in(content)
        if not several:
            return [replace(self._judge(content, fetcher, now, recipient), name=handed.name)]
        if len(several) > left:
            sentence = f"With these {len(several)} credentials, it is more than is checked at once."
            raise Malformed("several", sentence)
        return [
            replace(
                self._judge(one, fetcher, now, recipient), name=f"{handed.name}, number {number}"
            )
            for number, one in enumerate(several, start=1)
        ]

    def _judge(
        self, source: bytes | str | JsonObject, fetcher: Fetcher, now: datetime, recipient: str
    ) -> Checked:
        try:
            report = verify(source, now=now, fetcher=fetcher, recipient=recipient, seen=self.seen)
        except Exception:
            # What a stranger wrote found a fault of ours. It is not called good for that, and
            # keeps nobody from the verdicts on what was handed over with it.
            _log.exception("a credential could not be checked")
            return Checked(_by_our_fault(now), None, content=source)
        report = _not_guessed(report)
        return Checked(report, self._trust(report), content=source)

    def _trust(self, report: Report) -> TrustFinding | None:
        """What the registry says; nothing, where the issuer's own key is in doubt."""
        issuer = report.step("issuer")
        if report.credential is None or issuer is None or issuer.outcome is not Outcome.PASS:
            return None
        return self.registry.current().find(report.credential)


def _content(source: bytes | str | JsonObject, fetcher: Fetcher) -> bytes | str | JsonObject:
    """What was handed over, or what stands at its address; of a PDF of ours, what is in it."""
    address = address_in(source)
    content = _fetched(address, fetcher) if address else source
    return attached_in(content) if isinstance(content, bytes) and is_pdf(content) else content


def _fetched(address: str, fetcher: Fetcher) -> bytes:
    try:
        return fetcher.get(address, accept=_ACCEPT).content
    except Malformed as error:
        raise Malformed(error.code, error.sentence, place=address) from error


def _by_our_fault(now: datetime) -> Report:
    sentence = "This could not be checked, by a fault of this verifier."
    return Report((Step("structure", Outcome.UNKNOWN, sentence, FAULT),), None, now)


def _not_guessed(report: Report) -> Report:
    """The report; what could not be opened is not judged, for it may be anything."""
    first = report.steps[0]
    if report.credential is not None or first.code not in UNREADABLE:
        return report
    return replace(report, steps=(replace(first, outcome=Outcome.UNKNOWN),))
