"""The board's pages: what waits for it, and its cases."""

from flask import Blueprint, render_template

from accounts.guard import allow, signed_in_person
from degree.board.listing import listing
from degree.board.pages import approvals, cases, meetings
from degree.board.pages.room import Room
from degree.roles import EXAMINER, REGISTRAR


def pages(room: Room) -> Blueprint:
    """Everything under /degree/board. Its templates are with those of the degree office."""
    blueprint = Blueprint("degree_board", __name__, url_prefix="/degree/board")
    cases.add(blueprint, room)
    approvals.add(blueprint, room)
    meetings.add(blueprint, room)

    @blueprint.get("/")
    @allow(REGISTRAR, EXAMINER)
    def home() -> str:
        reader = signed_in_person()
        return render_template(
            "degree/board/home.html",
            reader=reader,
            groups=listing(room.store),
            concessions=room.exceptions.waiting(),
            meetings=room.meetings.all(),
            today=room.now().date(),
            is_registrar=REGISTRAR in reader.roles,
        )

    return blueprint
