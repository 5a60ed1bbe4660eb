"""The pages of meetings: calling one, its agenda, and its minutes."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guard import allow, signed_in_person
from degree.board.faults import faults_of
from degree.board.meetings import CHANGED_MEANWHILE, Listed
from degree.board.minutes import Resolution, texts, version
from degree.board.pages.room import Room
from degree.board.schemas.form import read_confirmation
from degree.board.schemas.meetings import read_agenda, read_call, read_minutes
from degree.board.showing import Shown, shown
from degree.board.tables import MeetingRow
from degree.roles import EXAMINER, REGISTRAR
from degree.statement import statement
from vc.errors import Conflict, Forbidden, Malformed, Refused

_MEETINGS: Final = "/meetings"
_ONE: Final = f"{_MEETINGS}/<meeting_id>"
_HERE: Final = "/degree/board/meetings"


def add(blueprint: Blueprint, room: Room) -> None:
    """The views of meetings."""
    _add_calling(blueprint, room)
    _add_agenda(blueprint, room)
    _add_minutes(blueprint, room)


def _add_calling(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get(f"{_MEETINGS}/new")
    @allow(REGISTRAR)
    def new_meeting() -> Response:
        return _call_page(None)

    @blueprint.post(_MEETINGS)
    @allow(REGISTRAR)
    def call() -> Response:
        try:
            called = read_call(request.form)
            row = room.meetings.call(called, signed_in_person(), now=room.now())
        except Malformed as refusal:
            return _call_page(None, refusal)
        flash(_("The meeting is called. Put cases on its agenda from the list."))
        return redirect(f"{_HERE}/{row.id}", 303)

    @blueprint.get(f"{_ONE}/edit")
    @allow(REGISTRAR)
    def edit_meeting(meeting_id: str) -> Response:
        return _call_page(room.meetings.meeting(meeting_id))

    @blueprint.post(f"{_ONE}/edit")
    @allow(REGISTRAR)
    def move(meeting_id: str) -> Response:
        try:
            called = read_call(request.form)
            room.meetings.move(meeting_id, called, signed_in_person(), now=room.now())
        except (Malformed, Conflict) as refusal:
            return _call_page(room.meetings.meeting(meeting_id), refusal)
        flash(_("The meeting is changed."))
        return redirect(f"{_HERE}/{meeting_id}", 303)


def _add_agenda(blueprint: Blueprint, room: Room) -> None:
    @blueprint.post("/agenda")
    @allow(REGISTRAR)
    def put_on_agenda() -> Response:
        """Cases that were marked on the list; one that is on the agenda already stays there."""
        cases = request.form.getlist("case")
        try:
            meeting_id = read_agenda({**request.form.to_dict(), "case": ""})
        except Malformed:
            cases = []
        if not cases:
            flash(_("Mark the cases, and choose a meeting."))
            return redirect("/degree/board/", 303)
        put = 0
        for case in cases:
            try:
                room.meetings.put_on_agenda(meeting_id, case, signed_in_person(), now=room.now())
                put += 1
            except Conflict as refusal:
                flash(refusal.sentence)
        if put:
            flash(_("Put on the agenda: %(count)s.", count=put))
        return redirect(f"{_HERE}/{meeting_id}", 303)

    @blueprint.get(_ONE)
    @allow(REGISTRAR, EXAMINER)
    def agenda(meeting_id: str) -> str:
        return _paper(room, "degree/board/agenda.html", room.meetings.meeting(meeting_id))


def _add_minutes(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get(f"{_ONE}/minutes")
    @allow(REGISTRAR, EXAMINER)
    def minutes(meeting_id: str) -> str:
        return _paper(room, "degree/board/minutes.html", room.meetings.meeting(meeting_id))

    @blueprint.get(f"{_ONE}/minutes/edit")
    @allow(REGISTRAR)
    def edit_minutes(meeting_id: str) -> Response:
        meeting = room.meetings.meeting(meeting_id)
        if meeting.closed_at is not None:
            return redirect(f"{_HERE}/{meeting_id}/minutes", 303)
        return _minutes_form(room, meeting)

    @blueprint.post(f"{_ONE}/minutes")
    @allow(REGISTRAR)
    def write_minutes(meeting_id: str) -> Response:
        def write() -> None:
            read, by = read_minutes(request.form), signed_in_person()
            room.meetings.write(
                meeting_id, read.minutes, by, expected_version=read.version, now=room.now()
            )

        return _done(room, meeting_id, write, _("The minutes are saved."))

    @blueprint.post(f"{_ONE}/closing")
    @allow(REGISTRAR)
    def close_minutes(meeting_id: str) -> Response:
        """What stands on the page is saved, and closed with it."""

        def close() -> None:
            read, by = read_minutes(request.form), signed_in_person()
            read_confirmation({"confirmed": request.form.get("confirmed", "")})
            room.meetings.close(
                meeting_id, read.minutes, by, expected_version=read.version, now=room.now()
            )

        return _done(room, meeting_id, close, _("The minutes are closed."))


def _done(room: Room, meeting_id: str, act: Callable[[], None], said: str) -> Response:
    try:
        act()
    except (Malformed, Conflict, Forbidden) as refusal:
        return _minutes_form(room, room.meetings.meeting(meeting_id), refusal)
    flash(said)
    return redirect(f"{_HERE}/{meeting_id}/minutes", 303)


def _call_page(meeting: MeetingRow | None, refusal: Refused | None = None) -> Response:
    page = render_template(
        "degree/board/call.html", meeting=meeting, given=request.form, faults=faults_of(refusal)
    )
    return make_response(page, _status(refusal))


def _minutes_form(room: Room, meeting: MeetingRow, refusal: Refused | None = None) -> Response:
    """The form with what was typed, and, after somebody else saved, with what stands there now."""
    listed = room.meetings.agenda(meeting, signed_in_person())
    saved = texts(meeting)
    changed = refusal is not None and refusal.code == CHANGED_MEANWHILE
    page = render_template(
        "degree/board/write.html",
        meeting=meeting,
        listed=listed,
        statements={each.item.id: statement(each.file) for each in listed},
        given=request.form or saved,
        # What is not read yet is not agreed to: the version stays the one that was read.
        version=version(meeting) if changed or not request.form else request.form.get("version"),
        meanwhile={
            name: saved.get(name, "")
            for name in saved.keys() | request.form.keys()
            if changed and saved.get(name, "") != request.form.get(name, "").strip()
        },
        refusal=refusal,
        faults=faults_of(refusal),
        resolutions=list(Resolution),
        reader=signed_in_person(),
        today=room.now().date(),
    )
    return make_response(page, _status(refusal))


def _status(refusal: Refused | None) -> int:
    statuses = {Malformed: 400, Forbidden: 403, Conflict: 409}
    found = (status for kind, status in statuses.items() if isinstance(refusal, kind))
    return next(found) if refusal else 200


def _paper(room: Room, template: str, meeting: MeetingRow) -> str:
    reader = signed_in_person()
    listed = room.meetings.agenda(meeting, reader)
    return render_template(
        template,
        meeting=meeting,
        listed=[(each, statement(each.file), _exceptions(room, each)) for each in listed],
        approvals={each.item.id: room.approving.seen(each.file, reader) for each in listed},
        reader=reader,
        is_registrar=REGISTRAR in reader.roles,
    )


def _exceptions(room: Room, listed: Listed) -> Shown:
    return shown(listed.file, room.exceptions.of(listed.file), for_staff=True)
