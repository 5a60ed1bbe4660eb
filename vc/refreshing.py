"""A newer copy of a credential, asked for once where its issuer offers one.

Source: Open Badges 3.0, sections 8.5 and B.1.19 (1EdTechCredentialRefresh).
"""

from collections.abc import Callable
from typing import Final

from vc import effort
from vc.errors import Refused
from vc.fetch import TOO_MANY, Fetcher
from vc.model import Credential, Outcome, Report, Step, identifier, listed

KIND: Final = "1EdTechCredentialRefresh"
_ACCEPT: Final = "application/vc+ld+json, application/vc, application/json, text/plain"
# Verifies what came in place of the credential, by the same path.
Verify = Callable[[bytes], Report]


def refreshed(credential: Credential, *, fetcher: Fetcher, verify: Verify) -> Report | Step | None:
    """The report on the newer copy; or a step that says why there is none; or None unasked.

    The credential's own signature is known to be good, or nothing would be asked for. A copy that
    cannot be had changes nothing (section 8.5.1), and one that is not this credential, newer and
    signed by the same issuer, is none.
    """
    for service in listed(credential.document.get("refreshService")):
        url = identifier(service)
        if KIND not in listed(service.get("type")) or url is None or not credential.id:
            continue
        try:
            report = verify(fetcher.get(url, accept=_ACCEPT).content)
        except Refused as error:
            if error.code == TOO_MANY:
                return _undecided(error.sentence, error.code)
            sentence = "Its issuer offers a newer copy, which could not be had."
            return Step("refresh", Outcome.PASS, sentence, "refresh-unreachable")
        if report.steps[0].code == effort.CODE:
            return _undecided(report.steps[0].sentence, effort.CODE)
        if _replaces(report, credential):
            step = Step("refresh", Outcome.PASS, "This is the newest copy that its issuer gives.")
            return Report((*report.steps, step), report.credential, report.checked_at)
        sentence = "What its issuer gives in its place is not a newer copy of it."
        return Step("refresh", Outcome.PASS, sentence, "refresh-other")
    return None


def _undecided(sentence: str, code: str) -> Step:
    """Whoever hands things over together could else use up what the newer copy needs."""
    return Step("refresh", Outcome.UNKNOWN, f"Its newer copy was not looked at. {sentence}", code)


def _replaces(report: Report, credential: Credential) -> bool:
    newer, signature = report.credential, report.step("signature")
    if newer is None or signature is None or signature.outcome is not Outcome.PASS:
        return False
    issuer = report.step("issuer")
    bound = issuer is not None and issuer.outcome is Outcome.PASS
    same = (newer.id, newer.issuer_id) == (credential.id, credential.issuer_id)
    since = (credential.valid_from, newer.valid_from)
    not_older = None in since or since[1] >= since[0]  # type: ignore[operator]
    return bound and same and not_older
