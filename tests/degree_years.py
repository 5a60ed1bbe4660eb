"""Registration years and what a programme asks of each, for the judges of the degree engine."""

from collections.abc import Collection
from datetime import date, timedelta

from degree_reading import Badge, Json, kept_out_early, last_day, read_badges


def missed_years(
    programme: Json, wallet: Json, today: date, forgiven: Collection[int], *, pending: bool
) -> tuple[int, ...]:
    """The numbers of the completed years that were not kept.

    `pending` says whether badges of unknown status count.
    """
    rule = programme["obligations"]
    badges = [
        badge
        for badge in read_badges(programme, wallet)
        if not badge.rpl
        and kept_out_early(programme, wallet, badge) is None
        and (pending or not badge.pending)
    ]
    missed: list[int] = []
    number, first = 1, date.fromisoformat(wallet["registered"])
    while (last := last_day(wallet, number, pauses="pauses" in rule)) < today:
        within = [badge for badge in badges if first <= badge.end <= last]
        if not _year_kept(rule, within) and number not in forgiven:
            missed.append(number)
        number, first = number + 1, last + timedelta(days=1)
    return tuple(missed)


def _year_kept(rule: Json, badges: list[Badge]) -> bool:
    joined = {badge.activity for badge in badges if badge.role == "participant"}
    provided = {badge.activity for badge in badges if badge.role == "co_provider"}
    asked, asked_to_provide = rule["joined"]["at_least"], rule["co_provided"]["at_least"]
    if "disjoint_from" not in rule["co_provided"]:
        return len(joined) >= asked and len(provided) >= asked_to_provide
    both = len(joined & provided)
    return any(
        len(joined) - given >= asked and len(provided) - (both - given) >= asked_to_provide
        for given in range(both + 1)
    )
