"""Verification of a credential: one numbered path, a report of named steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from vc import dates, endorsing, nested, recount, related, results, schemas, withdrawal
from vc.documents import LARGEST_RECORD, JsonObject, expect_sizes, is_learner_record, written
from vc.effort import Effort, Exhausted, bounded, for_one, for_record
from vc.errors import Malformed
from vc.fetch import Bounded, Fetcher, ReadOnce
from vc.jose import LARGEST_TOKEN
from vc.lists_seen import ListsSeen
from vc.model import Credential, Outcome, Report, Step, listed
from vc.proofs import sd_jwt_vc, vc_jwt
from vc.proving import UNSIGNED, check_proofs
from vc.received import Received, receive, sd_jwt_in
from vc.recipient import check as check_recipient
from vc.refreshing import refreshed
from vc.structure import UNKNOWN_CONTEXT, read_credential

# Fetched for one credential; a badge with thirty judges, all of whom have a did:key, needs three.
MOST_DOCUMENTS: Final = 48
_OF_A_LIST: Final = 99  # a status list has no status of its own that is looked at
_DEEPEST: Final = 3  # a CLR's badges have endorsements, and what endorses those ends here


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """When, and through what, a credential is verified; how deep it lies in another.

    `is_copy` says that it is the newer copy of another: no newer one still is asked for.
    """

    now: datetime
    fetcher: Fetcher
    seen: ListsSeen | None
    nesting: int = 0
    is_copy: bool = False

    def report(self, source: bytes | str | JsonObject) -> Report:
        """What is found of `source` under these circumstances."""
        return _verify(source, self)

    def at(self, nesting: int) -> "_Circumstances":
        """The same for what lies within."""
        return replace(self, nesting=nesting)


def verify(
    source: bytes | str | JsonObject,
    *,
    now: datetime,
    fetcher: Fetcher,
    recipient: str = "",
    seen: ListsSeen | None = None,
) -> Report:
    """Check a credential at the time `now`; what was found, never an exception about it.

    `source` is what was handed over: JSON, a compact JWS, or a PNG or SVG with either baked in.
    Where a `recipient` is named, by a DID or an e-mail address, it has to be about them. `seen`
    remembers status lists from one call to the next.

    Not part of it, and left to the caller: whether the issuer is one to trust, whether the
    subject is the person in front of you, and what the credential is good for.
    """
    # One answer to one question: each document is asked for once, and not too many are.
    once = ReadOnce(Bounded(fetcher, most=MOST_DOCUMENTS))
    with bounded(for_record(LARGEST_RECORD)):
        report = _verify(source, _Circumstances(now, once, seen))
    if not recipient or not report.is_signed or report.credential is None:
        return report
    return report.with_steps(check_recipient(report.credential, recipient))


def _verify(source: bytes | str | JsonObject, given: _Circumstances) -> Report:
    try:
        return _checked(source, given)
    except Exhausted as error:
        return Report((error.step(),), None, given.now)


def _checked(source: bytes | str | JsonObject, given: _Circumstances) -> Report:
    # (0) Opened: JSON, a JWS, or an image that carries either. An SD-JWT is no VCDM credential.
    if text := sd_jwt_in(source):
        return sd_jwt_vc.examine(text, now=given.now, fetcher=given.fetcher)
    # (1) Structure: strict JSON, known contexts in their order, the members that VCDM demands.
    try:
        if isinstance(source, dict) and given.nesting == 0:
            record = is_learner_record(source)
            expect_sizes(source, largest=LARGEST_RECORD if record else LARGEST_TOKEN)
        received = receive(source)
        if received.sd_jwt:
            return sd_jwt_vc.examine(received.sd_jwt, now=given.now, fetcher=given.fetcher)
        if not received.token and not listed(received.document.get("proof")):
            return Report((UNSIGNED,), None, given.now)
        credential = read_credential(received.document)
    except Malformed as error:
        # Terms that this verifier does not know are no fault of the credential's.
        outcome = Outcome.UNKNOWN if error.code == UNKNOWN_CONTEXT else Outcome.FAIL
        step = Step("structure", outcome, str(error), error.code)
        return Report((step,), None, given.now)
    with bounded(_effort_for(received.document)):
        return _judged(received, credential, given)


def _effort_for(document: JsonObject) -> Effort:
    return for_record(len(written(document))) if is_learner_record(document) else for_one()


def _judged(received: Received, credential: Credential, given: _Circumstances) -> Report:
    steps = [Step("structure", Outcome.PASS, "It has the form of a verifiable credential.")]

    # (2) The issuer's key: is it the issuer's, (3) may it sign credentials, (4) did it sign this,
    # and could it be believed then, by the issuer's key history?
    # Nothing but the issuer's DID document is fetched before the signature is known to be good.
    steps += _check_signature(received, credential, given)
    report = Report(tuple(steps), credential, given.now)
    if not report.is_signed or given.nesting == _OF_A_LIST:
        return report.with_steps(*_dated(report, credential, given.now))
    # Once, its issuer may give a newer copy, which is verified in its place.
    newer = _newer_copy(credential, given)
    if isinstance(newer, Report):
        return newer
    found = [] if newer is None else [newer]
    # (5) Dates.
    found += _dated(report, credential, given.now)
    found += _check_leaf(credential) if given.nesting == _DEEPEST else _content(credential, given)
    return report.with_steps(*found)


def _dated(report: Report, credential: Credential, now: datetime) -> list[Step]:
    return [dates.check(credential, now=now)] if report.is_signed else []


def _newer_copy(credential: Credential, given: _Circumstances) -> Report | Step | None:
    if given.is_copy:
        return None
    verify_copy = replace(given, is_copy=True).report
    return refreshed(credential, fetcher=given.fetcher, verify=verify_copy)


def _content(credential: Credential, given: _Circumstances) -> list[Step]:
    """The steps about what is written in a credential whose signature is good."""
    fetcher, verify_inner = given.fetcher, given.at(given.nesting + 1).report
    # (6) Status, from a list that the same issuer signed; a list has none that is looked at.
    verify_list = given.at(_OF_A_LIST).report
    steps = [
        withdrawal.check(credential, fetcher=fetcher, verify_list=verify_list, seen=given.seen)
    ]
    # (7) What it says of itself: its schemas, results as described, digests of resources.
    steps += schemas.check(credential)
    steps += results.check(credential)
    steps += related.check(credential)
    # (8) What is inside: endorsements at any depth, and the credentials of a CLR.
    endorsed = endorsing.examine(credential, verify=verify_inner)
    steps += endorsed.steps
    if endorsed.judges is not None:
        steps += recount.check(credential, endorsed.judges, fetcher=fetcher)
    return [*steps, *_check_inner(credential, verify_inner)]


def _check_signature(
    received: Received, credential: Credential, given: _Circumstances
) -> list[Step]:
    if received.token:
        return vc_jwt.check_token(
            received.token,
            controller=credential.issuer_id,
            claimed=credential.valid_from,
            now=given.now,
            fetcher=given.fetcher,
        )
    return check_proofs(
        received.document,
        controller=credential.issuer_id,
        purpose="assertionMethod",
        fetcher=given.fetcher,
    )


def _check_leaf(credential: Credential) -> list[Step]:
    """At the limit of nesting, what would have to be looked into further is not called good."""
    try:
        inside = [*nested.endorsements(credential), *nested.credentials(credential)]
    except Malformed as error:
        return [Step("endorsements", Outcome.FAIL, str(error), error.code)]
    if inside or "credentialStatus" in credential.document:
        sentence = "It is nested too deep for what is in it to be checked."
        return [Step("endorsements", Outcome.UNKNOWN, sentence, "nested-too-deep")]
    return []


def _check_inner(credential: Credential, verify_inner: Callable[..., Report]) -> list[Step]:
    """Each credential that a CLR holds, by the path of any other."""
    try:
        held = nested.credentials(credential)
    except Malformed as error:
        return [Step("credentials", Outcome.FAIL, str(error), error.code)]
    others = 0
    for number, source in enumerate(held, start=1):
        report = verify_inner(source)
        about = report.credential.subject_id if report.credential else ""
        others += about not in ("", credential.subject_id)
        against = next((step for step in report.steps if step.outcome is not Outcome.PASS), None)
        if against is not None:
            name = (report.credential and report.credential.name) or f"The credential {number}"
            sentence = f"{name}, which it holds, does not hold: {against.sentence}"
            return [Step("credentials", against.outcome, sentence, against.code)]
    if not held:
        return []
    word = "credential" if len(held) == 1 else "credentials"
    sentence = f"Each of the {len(held)} {word} in it holds."
    if others:
        # Not against it: a learner may be known by several names. But not to be passed over.
        sentence += f" Of them, {others} about somebody else than it is itself."
    return [Step("credentials", Outcome.PASS, sentence)]
