"""Dates that two calendars read differently, that are none, or that come too early or too late."""

from typing import Any

from forging.forge import Case, Cases, Forge, text

from vc.documents import JsonObject
from vc.structure import CREDENTIALS_V1, OPEN_BADGES

_NONE = {
    "year-zero": ("0000-01-01T00:00:00Z", "a year that the calendar has not"),
    "year-negative": ("-0044-03-15T00:00:00Z", "before the calendar"),
    "year-five-digits": ("12026-01-01T00:00:00Z", "ten thousand years on"),
    "year-two-digits": ("26-01-01T00:00:00Z", "which century?"),
    "leap-second": ("2016-12-31T23:59:60Z", "a second that most clocks have not"),
    "second-61": ("2026-01-01T00:00:61Z", "no such second"),
    "hour-24": ("2026-01-01T24:00:00Z", "the next day's beginning"),
    "month-13": ("2026-13-01T00:00:00Z", "no such month"),
    "day-30-of-february": ("2026-02-30T00:00:00Z", "no such day"),
    "day-29-of-no-leap-year": ("2026-02-29T00:00:00Z", "no such day"),
    "no-zone": ("2026-01-01T00:00:00", "whose midnight?"),
    "no-time": ("2026-01-01", "a day"),
    "no-seconds": ("2026-01-01T00:00Z", "no seconds"),
    "offset-beyond": ("2026-01-01T00:00:00+24:00", "an offset of a day"),
    "offset-99": ("2026-01-01T00:00:00-99:99", "no such offset"),
    "offset-without-colon": ("2026-01-01T00:00:00+0100", "another form"),
    "offset-in-seconds": ("2026-01-01T00:00:00+01:00:30", "an offset of seconds"),
    "zone-by-name": ("2026-01-01T00:00:00 CET", "a zone by its name"),
    "zone-in-brackets": ("2026-01-01T00:00:00Z[Europe/Berlin]", "two zones"),
    "space": ("2026-01-01 00:00:00Z", "a space for T"),
    "basic-form": ("20260101T000000Z", "without hyphens"),
    "week-date": ("2026-W01-4T00:00:00Z", "a week's day"),
    "ordinal-date": ("2026-001T00:00:00Z", "a year's day"),
    "comma": ("2026-01-01T00:00:00,5Z", "a comma for a point"),
    "small-letters": ("2026-01-01t00:00:00z", "small letters"),
    "eastern-digits": ("\u0662\u0660\u0662\u0666-01-01T00:00:00Z", "digits of another script"),
    "wide-digits": ("\uff12\uff10\uff12\uff16-01-01T00:00:00Z", "wide digits"),
    "american": ("01/02/2026T00:00:00Z", "January or February?"),
    "long-fraction": ("2026-01-01T00:00:00." + "0" * 10_000 + "Z", "10,000 digits"),
    "line-break": ("2026-01-01T00:00:00Z\n", "a line break at the end"),
    "spaces": (" 2026-01-01T00:00:00Z", "a space in front"),
    "minus-sign": ("2026\u221201\u221201T00:00:00Z", "other hyphens"),
    "nul": ("2026-01-01T00:00:00\u0000Z", "a NUL"),
    "empty": ("", "nothing"),
    "seconds-since-1970": (1767225600, "a number"),
    "list": (["2026-01-01T00:00:00Z"], "a list"),
    "object": ({"@value": "2026-01-01T00:00:00Z"}, "an object"),
    "true": (True, "a truth value"),
}
_OUT_OF_THE_CALENDAR = {
    "year-1-to-the-east": ("0001-01-01T00:00:00+14:00", "before the first year, in UTC"),
    "year-9999-to-the-west": ("9999-12-31T23:59:59-12:00", "after the last year, in UTC"),
}


def _case(name: str, document: JsonObject, code: str, why: str, step: str = "structure") -> Case:
    return Case(file=f"date/{name}.json", content=text(document), why=why, step=step, code=code)


def cases(forge: Forge) -> Cases:
    for name, (value, why) in (_NONE | _OUT_OF_THE_CALENDAR).items():
        for member in ("validFrom", "validUntil"):
            # The others' names are one letter of the defect; the date is checked before the proof.
            document = forge.signed() | {member: value}
            yield _case(f"{member}-{name}", document, "date", why)
    yield from _of_proofs(forge)
    dates = "dates"

    def signed(name: str, code: str, why: str, **changes: Any) -> Case:
        return _case(name, forge.signed(forge.badge(**changes)), code, why, dates)

    ended = "2026-11-22T11:54:59Z"
    yield signed("ended", "expired", "ended six minutes ago", validUntil=ended)
    begins = "2026-11-22T12:05:01Z"
    yield signed("to-come", "not-yet-valid", "begins in five minutes", validFrom=begins)
    yield signed(
        "ends-before-it-begins",
        "dates-reversed",
        "no time at all",
        validFrom="2026-03-01T00:00:00Z",
        validUntil="2026-02-01T00:00:00Z",
    )
    yield signed(
        "ends-before-it-begins-by-the-zone",
        "dates-reversed",
        "later by the letters, earlier by the clock",
        validFrom="2026-03-01T00:00:00Z",
        validUntil="2026-03-01T01:00:00+02:00",
    )
    older = forge.badge(
        **{
            "@context": [CREDENTIALS_V1, OPEN_BADGES.replace("3.0.3", "3.0.1")],
            "validFrom": None,
            "issuanceDate": "2026-01-01T00:00:00Z",
            "expirationDate": "2026-02-01T00:00:00Z",
        }
    )
    jcs = forge.signed(older, suite="eddsa-jcs-2022")
    yield _case("ended-by-the-older-name", jcs, "expired", "expirationDate", dates)
    both = forge.badge(
        validFrom="2026-01-01T00:00:00Z",
        validUntil="2036-01-01T00:00:00Z",
        expirationDate="2026-02-01T00:00:00Z",
    )
    two = forge.signed(both, suite="eddsa-jcs-2022")
    yield _case("two-ends", two, "expired", "the earlier end counts", dates)


def _of_proofs(forge: Forge) -> Cases:
    sound = forge.signed()
    for name, (value, why) in _NONE.items():
        proof = sound["proof"] | {"created": value}
        yield _case(f"created-{name}", sound | {"proof": proof}, "date", why, "signature")
    ahead = forge.signed(created="2026-11-22T12:05:01Z")
    yield _case("created-ahead", ahead, "signed-in-future", "signed tomorrow", "dates")
    over = forge.signed(expires="2026-11-22T11:54:59Z")
    yield _case("proof-expired", over, "expired", "a proof past its time", "dates")
