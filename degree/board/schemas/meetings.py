"""The forms of meetings: calling one, putting cases on its agenda, and its minutes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import fields, post_load

from degree.board.faults import Faulty, faults_of
from degree.board.meetings import Called
from degree.board.minutes import Minute, Minutes, Resolution
from degree.board.schemas.form import SAYS, Form, day, line, read, text
from vc.errors import Malformed

_OF_CASE: Final = re.compile(r"(resolution|minute)-([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Minutes as they were written, and the version of them that had been read before."""

    minutes: Minutes
    version: str


class CallForm(Form):
    """When, where, and by whom."""

    held_on = day(required=True)
    place = line(required=True)
    chair = line(required=True)

    @post_load
    def _as_called(self, data: dict[str, Any], **_: Any) -> Called:
        return Called(**data)


class AgendaForm(Form):
    """The meeting on whose agenda cases are put."""

    meeting = line(required=True)


class MinutesForm(Form):
    """What minutes say beside the cases. Those that are only saved need not be confirmed."""

    version = line(required=True)
    confirmed = line()
    present = text(load_default="")
    apologies = text(load_default="")
    other_business = text(load_default="")


class MinuteForm(Form):
    """What was resolved in one case."""

    resolution = fields.Enum(Resolution, by_value=True, load_default=None, error_messages=SAYS)
    minute = text(load_default="")

    @post_load
    def _as_minute(self, data: dict[str, Any], **_: Any) -> Minute:
        return Minute(resolution=data["resolution"], text=data["minute"])


def read_call(form: Mapping[str, str]) -> Called:
    """When a meeting is. Raises Malformed, whose place is the field."""
    called: Called = read(CallForm(), form)
    return called


def read_agenda(form: Mapping[str, str]) -> str:
    """The id of the meeting. Raises Malformed, whose place is the field."""
    meeting: str = read(AgendaForm(), form)["meeting"]
    return meeting


def read_minutes(form: Mapping[str, str]) -> Written:
    """Minutes; the fields of case 2 are `resolution-2` and `minute-2`.

    Raises Malformed, whose place is the field.
    """
    cases: dict[int, dict[str, str]] = {}
    heads: dict[str, str] = {}
    for name, value in form.items():
        if found := _OF_CASE.fullmatch(name):
            cases.setdefault(int(found[2]), {})[found[1]] = value
        else:
            heads[name] = value
    faults: dict[str, str] = {}
    of_cases: dict[int, Minute] = {}
    for number, given in cases.items():
        try:
            of_cases[number] = read(MinuteForm(), given)
        except Malformed as refusal:
            faults |= {f"{name}-{number}": why for name, why in faults_of(refusal).items()}
    try:
        read_heads = read(MinutesForm(), heads)
    except Malformed as refusal:
        faults = {**faults_of(refusal), **faults}
    if faults:
        raise Faulty("form", faults)
    minutes = Minutes(
        present=read_heads["present"],
        apologies=read_heads["apologies"],
        other_business=read_heads["other_business"],
        of_cases=of_cases,
    )
    return Written(minutes=minutes, version=read_heads["version"])
