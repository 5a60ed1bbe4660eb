"""Small cases made by hand: what both independent judges say of them."""

from collections.abc import Iterable
from typing import Any

from degree_families import bare_programme, bare_record, bare_wallet
from degree_highs import judged_by_highs
from degree_judging import OracleAnswer
from degree_oracle import best_of
from degree_reading import Json
from degree_sketch import TODAY

ANY = {"any": True}


def badge(name: str, size: float = 10, **facts: Any) -> Json:
    """A good badge at level 7 with this id and so many credits."""
    return bare_record(0, round(size * 10), **facts) | {"id": name}


def bucket(where: Json | str = "any", **rules: Any) -> Json:
    """A bucket for a filter, or for a tag; it asks for nothing."""
    filter_ = where if isinstance(where, dict) else {"tag": where} if where != "any" else ANY
    return {"min": 0, "where": filter_, **rules}


def programme(
    credits_: float = 1, buckets: Json | None = None, *, award: Json | None = None, **rules: Any
) -> Json:
    """One award that asks for so many credits, of all buckets (one for all badges, if none)."""
    asked = {"credits": credits_, **(award or {})}
    return bare_programme(buckets=buckets or {"all": bucket()}, award=asked, **rules)


def said(rules: Json | list[Json], badges: Iterable[Json], **facts: Any) -> OracleAnswer:
    """What both judges say, who have to agree."""
    versions = rules if isinstance(rules, list) else [rules]
    wallet = bare_wallet(list(badges)) | facts
    answer = best_of(versions, wallet, TODAY)
    assert answer == judged_by_highs(versions, wallet, TODAY)
    return answer


def earned(rules: Json, badges: Iterable[Json], **facts: Any) -> bool:
    """Whether the first award is satisfied, without concessions."""
    return said(rules, badges, **facts).verdicts[0].awards[0].answer == "satisfied"


def class_(rules: Json, badges: Iterable[Json], **facts: Any) -> str | None:
    return said(rules, badges, **facts).class_
