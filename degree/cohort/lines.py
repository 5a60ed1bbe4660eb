"""The lines of a cohort's result, as CSV for spreadsheets or as JSON Lines for machines."""

import csv
import io
import json
from typing import Final

from degree.cohort.auditing import Line
from degree.rules.exact import credits_text
from vc.spreadsheet import cell

_HEADINGS: Final = (
    *("file", "holder", "answer", "award", "class", "credits counted", "undecided because"),
    *("fault", "decision record"),
)


def csv_heading() -> str:
    """The first line of a CSV."""
    return _csv_line(_HEADINGS)


def line_as_csv(line: Line) -> str:
    """One line, each cell quoted, none of them a formula; credits are UK credits."""
    stands = line.standing
    if stands is None:
        middle = ("", "", "", "", "")
    else:
        middle = (
            stands.answer.value,
            stands.award or "",
            stands.class_ or "",
            credits_text(stands.counted),
            "; ".join(stands.reasons),
        )
    return _csv_line((line.file, line.holder, *middle, line.fault, line.record))


def line_as_json(line: Line) -> str:
    """One line as a JSON object with a result or a fault; credits are UK credits."""
    said: dict[str, object] = {"file": line.file}
    if line.standing is None:
        said["fault"] = line.fault
    else:
        said |= {
            "holder": line.holder,
            "answer": line.standing.answer.value,
            "award": line.standing.award,
            "class": line.standing.class_,
            "credits": line.standing.counted / 10,
            "undecided_because": list(line.standing.reasons),
        }
        if line.record:
            said["decision_record"] = line.record
    return json.dumps(said, ensure_ascii=False) + "\n"


def _csv_line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(cell, cells))
    return text.getvalue()
