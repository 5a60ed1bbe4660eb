"""What the address of the progress page may hold."""

import re
from collections.abc import Mapping
from typing import Final

from marshmallow import fields, validate

from degree.progress.supposing import MOST, Question, Supposed
from degree.rules.checks import HIGHEST_LEVEL
from degree.rules.exact import tenths
from degree.rules.records import Role
from degree.schemas import Form, read_form
from vc.errors import Malformed

LARGEST_AMOUNT: Final = 1000  # UK credits in one supposed badge
SUPPOSED: Final = ("what", "credits", "level", "role", "rpl", "mark", "context", "circle")
_NUMBERED: Final = re.compile(rf"({'|'.join(SUPPOSED)})([1-{MOST}])")
_EXPECTED: Final = {
    "credits": f"from 0 to {LARGEST_AMOUNT} credits are expected, with one decimal at most",
    "level": f"a level from 1 to {HIGHEST_LEVEL} is expected",
    "role": "one of the two roles is expected",
    "mark": "a mark from 0 to 100 is expected, with one decimal at most",
    "what": "a part of the programme or a badge on offer is expected",
    "context": "a context from the list is expected",
    "rpl": "yes or nothing is expected",
    "circle": "yes or nothing is expected",
}
_OTHERS: Final = {
    "without": "Choose the badge to do without from the list.",
    "award": "Choose the award to plan for from the list.",
}


class SupposedForm(Form):
    """One badge of a question; a row without anything in it is none."""

    what = fields.String(load_default="", validate=validate.Length(0, 400))
    credits = fields.Decimal(
        load_default=None, validate=validate.Range(0, LARGEST_AMOUNT), allow_nan=False
    )
    level = fields.Integer(load_default=None, validate=validate.Range(1, HIGHEST_LEVEL))
    role = fields.Enum(Role, by_value=True, load_default=None)
    rpl = fields.String(load_default="", validate=validate.OneOf(["", "yes"]))
    mark = fields.Decimal(load_default=None, validate=validate.Range(0, 100), allow_nan=False)
    context = fields.String(load_default="", validate=validate.Length(0, 400))
    circle = fields.String(load_default="", validate=validate.OneOf(["", "yes"]))


class QuestionForm(Form):
    """What if: beside the badges, which stand in numbered fields."""

    without = fields.String(load_default="", validate=validate.Length(0, 400))
    award = fields.String(load_default="", validate=validate.Length(0, 80))


def read_question(form: Mapping[str, str]) -> Question:
    """What is supposed: `what1`, `credits1` and so on for the first badge, `without`, `award`.

    An address that was typed by hand is read like one that the form made. Raises Malformed, whose
    place is the field.
    """
    rows: dict[int, dict[str, str]] = {}
    others: dict[str, str] = {}
    for name, text in form.items():
        numbered = _NUMBERED.fullmatch(name)
        if numbered is None:
            others[name] = text
        elif text.strip():
            rows.setdefault(int(numbered[2]), {})[numbered[1]] = text.strip()
    try:
        asked = read_form(QuestionForm(), others)
    except Malformed as error:
        unknown = f"This page knows no field “{error.place}”, which stands in its address."
        sentence = _OTHERS.get(error.place or "", unknown)
        raise Malformed("form", sentence, place=error.place) from error
    return Question(
        badges=tuple(_supposed(number, rows[number]) for number in sorted(rows)), **asked
    )


def _supposed(number: int, row: dict[str, str]) -> Supposed:
    try:
        loaded = read_form(SupposedForm(), row)
        credits_ = None if loaded["credits"] is None else tenths(loaded["credits"])
        mark = None if loaded["mark"] is None else tenths(loaded["mark"])
    except Malformed as error:
        field = error.place or "credits"
        sentence = f"Badge {number}: {_EXPECTED[field]}."
        raise Malformed("form", sentence, place=f"{field}{number}") from error
    if credits_ is None and not loaded["what"].startswith(("http:", "https:")):
        sentence = f"Badge {number}: say how many credits it would have."
        raise Malformed("form", sentence, place=f"credits{number}")
    return Supposed(
        what=loaded["what"],
        credits_tenths=credits_,
        level=loaded["level"],
        role=loaded["role"],
        rpl=loaded["rpl"] == "yes",
        mark=mark,
        context=loaded["context"],
        other_circle=loaded["circle"] == "yes",
    )
