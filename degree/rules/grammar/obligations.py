"""Reads the obligations of every registration year."""

from degree.rules.grammar.awards import awards_named
from degree.rules.programme import Obligations
from degree.rules.reading import Keys, Reader


def obligations(place: Reader | None, award_ids: frozenset[str]) -> Obligations | None:
    """What each completed registration year asks for. Faults are noted."""
    if place is None:
        return None
    keys = place.keys(
        required=("every", "joined", "co_provided", "misses"), optional=("pauses", "awards")
    )
    keys.read("every", lambda each: each.choice(("registration_year",)), otherwise="")
    keys.read("pauses", lambda each: each.choice(("authorised_interruptions",)), otherwise="")
    joined = keys.read("joined", lambda each: _duty(each, extra=()), otherwise=Keys())
    co_provided = keys.read(
        "co_provided", lambda each: _duty(each, extra=("disjoint_from",)), otherwise=Keys()
    )
    co_provided.read("disjoint_from", lambda each: each.choice(("joined",)), otherwise="")
    return Obligations(
        path=place.path,
        joined=joined.read("at_least", Reader.whole, otherwise=0),
        co_provided=co_provided.read("at_least", Reader.whole, otherwise=0),
        disjoint="disjoint_from" in co_provided,
        pauses="pauses" in keys,
        forgivable=keys.read("misses", _forgivable, otherwise=0),
        awards=awards_named(keys.get("awards"), award_ids),
    )


def _duty(place: Reader, *, extra: tuple[str, ...]) -> Keys:
    keys = place.keys(required=("at_least", "of", "validated"), optional=extra)
    keys.read("of", lambda each: each.choice(("activity",)), otherwise="")
    if keys.read("validated", Reader.truth, otherwise=True) is False:
        keys["validated"].fault("true: only judged activities leave a badge to count")
    return keys


def _forgivable(place: Reader) -> int:
    keys = place.keys(required=("concession",), optional=("max", "approver"))
    allowed = keys.read("concession", lambda each: each.choice(("allowed", "none")), otherwise="")
    keys.read("approver", lambda each: each.choice(("board",)), otherwise="")
    if allowed == "none":
        for key in ("max", "approver"):
            keys.read(key, lambda each: each.fault("no such key beside `none`"), otherwise=None)
        return 0
    return keys.read("max", lambda each: each.whole(least=1), otherwise=1)
