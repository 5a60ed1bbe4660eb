"""The clauses of a programme file beside its awards and buckets: gate, distinct, obligations.

What a badge cannot tell is refused with the reason, never skipped: a rule that is read but not
applied would award degrees against the regulation.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from degree.rules.programme import (
    Circles,
    Contexts,
    Exclusion,
    Finished,
    Gate,
    MeasuredAt,
    Obligations,
    Prerequisite,
    ShelfLife,
    Validators,
)
from degree.rules.reading import MOST_YEARS, Reader

NO_CO_PARTICIPANTS: Final = "no such rule: a badge does not list who else took part"
NO_LEVEL_OF_JUDGES: Final = "no such rule: a badge names its judges, not their level"
CHECKS: Final = ("proof_valid", "not_revoked", "not_expired")


def gate(place: Reader, trust_lists: dict[str, frozenset[str]]) -> Gate:
    """The evidence gate; `trust_lists` are the DIDs under each list name. Faults are noted."""
    keys = place.keys(
        required=("issuer_in", "status", "endorsements"),
        optional=("currency_years", "not_already_used_in_award"),
    )
    issuer_in, status = keys.get("issuer_in"), keys.get("status")
    trust_list = _trust_list(issuer_in, trust_lists) if issuer_in else ""
    quorum = (
        keys["endorsements"].keys(
            required=("min",),
            optional=("distinct_endorsers", "endorser_not_in"),
            refused={"endorser_level_min": NO_LEVEL_OF_JUDGES},
        )
        if "endorsements" in keys
        else {}
    )
    lives = (
        keys["currency_years"].keys(optional=("rpl", "earned"))
        if ("currency_years" in keys)
        else {}
    )
    unused = keys.get("not_already_used_in_award")
    return Gate(
        path=place.path,
        trust_list=trust_list,
        issuers=trust_lists.get(trust_list, frozenset()),
        may_be_expired="not_expired" not in (_checks(status) if status else CHECKS),
        min_endorsers=quorum["min"].whole() if "min" in quorum else 0,
        distinct_endorsers=(
            quorum["distinct_endorsers"].truth() if "distinct_endorsers" in quorum else True
        ),
        holder_may_endorse=not _bars_holder(quorum.get("endorser_not_in")),
        rpl_life=_shelf_life(lives.get("rpl")),
        earned_life=_shelf_life(lives.get("earned")),
        not_used_before=unused.truth() if unused else False,
    )


def _trust_list(place: Reader, trust_lists: dict[str, frozenset[str]]) -> str:
    kind, _, name = place.text().partition("@")
    if kind != "trust_list" or name not in trust_lists:
        known = " or ".join(f"trust_list@{listed}" for listed in trust_lists)
        place.fault(known or "trust_list@NAME, with NAME under trust_lists")
    return name


def _checks(place: Reader) -> tuple[str, ...]:
    checks = tuple(element.choice(CHECKS) for element in place.elements(at_least=1))
    for needed in ("proof_valid", "not_revoked"):
        if checks and needed not in checks:
            place.fault(f"{needed} among the checks", found="a list without it")
    return checks


def _bars_holder(place: Reader | None) -> bool:
    if place is None:
        return False
    for element in place.elements(at_least=1):
        if element.text() not in ("holder", ""):
            element.fault("holder; nothing else about a judge can be read from a badge")
    return True


def _shelf_life(place: Reader | None) -> ShelfLife | None:
    if place is None:
        return None
    keys = place.keys(required=("years", "measured_at"))
    if len(keys) < 2:
        return None
    return ShelfLife(
        path=place.path,
        years=keys["years"].whole(least=1, most=MOST_YEARS),
        measured_at=MeasuredAt(keys["measured_at"].choice(MeasuredAt)),
    )


class Distinct:
    """The clauses under `distinct`: each is None when the file does not ask for it."""

    def __init__(self, place: Reader | None, award_ids: Iterable[str]) -> None:
        self._award_ids = tuple(award_ids)
        keys = (
            place.keys(
                optional=("contexts", "circles", "validators"),
                refused={"co_participants": NO_CO_PARTICIPANTS},
            )
            if place
            else {}
        )
        self.contexts = self._contexts(keys["contexts"]) if "contexts" in keys else None
        self.circles = self._circles(keys["circles"]) if "circles" in keys else None
        self.validators = self._validators(keys["validators"]) if "validators" in keys else None

    def _contexts(self, place: Reader) -> Contexts:
        keys = place.keys(required=("at_least", "min_credits_each"), optional=("awards",))
        each = keys.get("min_credits_each")
        return Contexts(
            path=place.path,
            at_least=_at_least(keys),
            credits_each=each.credits() if each else 0,
            awards=awards_named(keys, self._award_ids),
        )

    def _circles(self, place: Reader) -> Circles:
        keys = place.keys(required=("at_least",), optional=("awards",))
        awards = awards_named(keys, self._award_ids)
        return Circles(path=place.path, at_least=_at_least(keys), awards=awards)

    def _validators(self, place: Reader) -> Validators:
        keys = place.keys(required=("at_least",), optional=("max_share_per_validator", "awards"))
        share = keys.get("max_share_per_validator")
        return Validators(
            path=place.path,
            at_least=_at_least(keys),
            max_share=_share(share) if share else None,
            awards=awards_named(keys, self._award_ids),
        )


def awards_named(keys: dict[str, Reader], award_ids: tuple[str, ...]) -> frozenset[str]:
    """The awards that a clause is for: those it lists under `awards`, or all of them."""
    if "awards" not in keys:
        return frozenset(award_ids)
    return frozenset(
        element.choice(award_ids or ("",)) for element in keys["awards"].elements(at_least=1)
    )


def _at_least(keys: dict[str, Reader]) -> int:
    return keys["at_least"].whole(least=1) if "at_least" in keys else 1


def _share(place: Reader) -> Fraction:
    value = place.node.value
    if isinstance(value, Decimal) and 0 < value < 1:
        return Fraction(value)
    place.fault("a share above 0 and below 1, such as 0.34")
    return Fraction(1, 2)


def obligations(place: Reader, award_ids: tuple[str, ...]) -> Obligations:
    """The obligations of every registration year. Faults are noted."""
    keys = place.keys(
        required=("every", "joined", "co_provided", "misses"), optional=("pauses", "awards")
    )
    if "every" in keys:
        keys["every"].choice(("registration_year",))
    if "pauses" in keys:
        keys["pauses"].choice(("authorised_interruptions",))
    joined = _duty(keys.get("joined"), extra=())
    co_provided = _duty(keys.get("co_provided"), extra=("disjoint_from",))
    disjoint = "disjoint_from" in co_provided
    if disjoint:
        co_provided["disjoint_from"].choice(("joined",))
    return Obligations(
        path=place.path,
        joined=_at_least(joined),
        co_provided=_at_least(co_provided),
        disjoint=disjoint,
        pauses="pauses" in keys,
        forgivable=_forgivable(keys.get("misses")),
        awards=awards_named(keys, award_ids),
    )


def _duty(place: Reader | None, *, extra: tuple[str, ...]) -> dict[str, Reader]:
    if place is None:
        return {}
    keys = place.keys(required=("at_least", "of", "validated"), optional=extra)
    if "of" in keys:
        keys["of"].choice(("activity",))
    if "validated" in keys and not keys["validated"].truth():
        keys["validated"].fault("true: only judged activities leave a badge to count")
    return keys


def _forgivable(place: Reader | None) -> int:
    if place is None:
        return 0
    keys = place.keys(required=("concession",), optional=("max", "approver"))
    if keys.get("concession") is None:
        return 0
    if keys["concession"].choice(("allowed", "none")) == "none":
        return 0
    if "approver" in keys:
        keys["approver"].choice(("board",))
    return keys["max"].whole(least=1) if "max" in keys else 1


def prerequisite(place: Reader, buckets: Iterable[str]) -> Prerequisite:
    """One prerequisite between two of the `buckets`. Faults are noted."""
    keys = place.keys(required=("before", "after"), optional=("finished",))
    known = tuple(buckets) or ("",)
    before = keys["before"].choice(known) if "before" in keys else ""
    after = keys["after"].choice(known) if "after" in keys else ""
    if before and before == after:
        keys["after"].fault("another bucket than `before`")
    finished = keys["finished"].choice(Finished) if "finished" in keys else Finished.BEFORE_END
    path = f"prerequisites.{before}-before-{after}"
    return Prerequisite(path=path, before=before, after=after, finished=Finished(finished))


def exclusion(place: Reader) -> Exclusion:
    """One list of `badge:CODE`, of which one may count. Faults are noted."""
    codes = []
    for element in place.elements(at_least=2):
        kind, _, code = element.text().partition(":")
        if kind != "badge" or not code:
            element.fault("badge:CODE, with the code of an achievement")
        codes.append(code)
    path = f"exclusions.{'+'.join(sorted(codes))}"
    return Exclusion(path=path, codes=frozenset(codes))
