"""The member's progress page: live, with what-if and the shortest way on. Nothing of it is kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from accounts.guard import SIGNED_IN, allow, signed_in_person
from degree.progress.answering import progress
from degree.progress.desk import Current, Desk
from degree.progress.schemas import SUPPOSED, read_question
from degree.progress.supposing import MOST, PART, Question, told_apart
from degree.rules.checks import HIGHEST_LEVEL
from degree.rules.exact import credits_text
from degree.rules.records import Record, Status
from degree.rules.saying import spoken
from vc.errors import Malformed, Missing

_SPARE: Final = 1  # empty rows of the form, at the least


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the form offers: values with their names."""

    parts: tuple[tuple[str, str], ...]
    offers: tuple[tuple[str, str], ...]
    contexts: tuple[tuple[str, str], ...]
    badges: tuple[tuple[str, str], ...]
    awards: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    marks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the form; it is open when more than the badge and its credits was filled in."""

    number: int
    is_open: bool


def pages(desk: Desk) -> Blueprint:
    """The page under /degree/progress."""
    routes = Blueprint("degree_progress", __name__, url_prefix="/degree")

    @routes.get("/progress")
    @allow(SIGNED_IN)
    def show() -> Response | str:
        current = desk.current(signed_in_person().id)
        if current is None:
            return render_template("degree/no_audit.html", programmes=desk.catalogue.all())
        if "" in request.args.values():
            # A form sends its empty fields too; the address to bookmark goes without.
            filled = [(field, text) for field, text in request.args.items(multi=True) if text]
            return redirect(f"/degree/progress?{urlencode(filled)}", 303)
        return _page(current, request.args, desk.now())

    return routes


def _page(current: Current, given: MultiDict[str, str], now: datetime) -> Response:
    """The page; what was asked in a wrong way is named on it, and left unanswered."""
    refusal: Malformed | Missing | None = None
    try:
        shown = progress(current, read_question(_once(given)), today=now.date())
    except (Malformed, Missing) as refused:
        refusal = refused
        shown = progress(current, Question(), today=now.date())
    page = render_template(
        "degree/progress/page.html",
        current=current,
        progress=shown,
        statement=shown.statement,
        refusal=refusal,
        now=now,
        given=given,
        rows=_rows(given),
        choices=_choices(current),
        whole_address=_address(shown.whole) if shown.whole else "",
        step_addresses=[_address(each) if each else "" for each in shown.steps],
        address=_address,
    )
    return make_response(page, 400 if refusal else 200)


def _once(given: MultiDict[str, str]) -> Mapping[str, str]:
    for field, values in given.lists():
        if len(values) > 1:
            sentence = _("“%(field)s” stands in the address more than once.", field=field)
            raise Malformed("form", sentence, place=field)
    return given.to_dict()


def _rows(given: MultiDict[str, str]) -> list[Row]:
    """The rows that have something in them, and a few empty ones."""

    def filled(number: int, fields: Iterable[str]) -> bool:
        return any(given.get(f"{field}{number}") for field in fields)

    used = [number for number in range(1, MOST + 1) if filled(number, SUPPOSED)]
    shown = min(MOST, max(used, default=0) + _SPARE)
    return [
        Row(number=number, is_open=filled(number, SUPPOSED[2:])) for number in range(1, shown + 1)
    ]


def _choices(current: Current) -> Choices:
    programme, wallet = current.programmes[-1], current.wallet
    codes = {code for record in wallet.records for code in record.contexts}
    contexts = ((code, wallet.context_names.get(code, code)) for code in codes)
    titles = told_apart(wallet.records)
    valid = (record for record in wallet.records if record.status is Status.VALID)
    return Choices(
        parts=tuple(
            (PART + name, spoken(name).capitalize()) for name in sorted(programme.listed_buckets)
        ),
        offers=tuple(
            (each.id, f"{each.title} ({credits_text(each.credits_tenths)})")
            for each in current.offers
        ),
        contexts=tuple(sorted(contexts, key=lambda each: each[1])),
        badges=tuple((record.id, _named(record, titles[record.id])) for record in valid),
        awards=tuple((award.id, award.title) for award in programme.awards),
        levels=tuple((str(level), str(level)) for level in range(1, HIGHEST_LEVEL + 1)),
        marks=programme.is_marked,
    )


def _named(record: Record, title: str) -> str:
    counted = f", {_('counted by the %(award)s', award=record.used_in)}" if record.used_in else ""
    return f"{title} ({credits_text(record.credits_tenths)}){counted}"


def _address(question: Question) -> str:
    """The address of the page that supposes this, at what would be."""
    query = urlencode(list(_fields(question)))
    return f"/degree/progress?{query}#what-if" if query else "/degree/progress#what-if"


def _fields(question: Question) -> Iterator[tuple[str, str]]:
    for number, badge in enumerate(question.badges, 1):
        given = {
            "what": badge.what,
            "credits": "" if badge.credits_tenths is None else credits_text(badge.credits_tenths),
            "level": str(badge.level or ""),
            "role": badge.role or "",
            "rpl": "yes" if badge.rpl else "",
            "mark": "" if badge.mark is None else credits_text(badge.mark),
            "context": badge.context,
            "circle": "yes" if badge.other_circle else "",
        }
        yield from ((f"{field}{number}", text) for field, text in given.items() if text)
    if question.without:
        yield "without", question.without
    if question.award:
        yield "award", question.award
