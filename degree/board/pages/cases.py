"""A case before the board, and entering, confirming and withdrawing its exceptions."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guard import allow, signed_in_person
from degree.board.faults import faults_of
from degree.board.history import Done, done
from degree.board.pages.room import Room
from degree.board.schemas.exceptions import (
    read_attestation,
    read_concession,
    read_interruption,
    read_withdrawal,
)
from degree.board.schemas.form import read_confirmation
from degree.board.showing import shown
from degree.files import File
from degree.roles import EXAMINER, REGISTRAR
from degree.rules.cases_json import OF_ACTION
from degree.rules.records import Action
from degree.statement import statement
from degree.tables import DecisionRow
from vc.errors import Malformed, Missing

_CASE: Final = "/cases/<audit_id>"
_ONE: Final = f"{_CASE}/exceptions/<exception_id>"


def add(blueprint: Blueprint, room: Room) -> None:
    """The views of one case."""

    @blueprint.get(_CASE)
    @allow(REGISTRAR, EXAMINER)
    def case(audit_id: str) -> str:
        reader = signed_in_person()
        file = room.registry.file(audit_id, reader=reader)
        return render_template(
            "degree/board/case.html",
            file=file,
            statement=statement(file),
            exceptions=shown(file, room.exceptions.of(file), for_staff=True),
            choices=room.exceptions.choices(file, now=room.now()),
            approvals=room.approving.seen(file, reader),
            done=_done(room, file),
            reader=reader,
        )

    _add_entering(blueprint, room)
    _add_changing(blueprint, room)


def _done(room: Room, file: File) -> tuple[Done, ...]:
    application = file.case.application
    awards = room.registry.awards(application.person_id)
    own = [each for each, _ in awards if each.programme == application.programme]
    return done(room.exceptions.events(file), own)


def _add_entering(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get(f"{_CASE}/concessions/<action>")
    @allow(REGISTRAR)
    def concession_form(audit_id: str, action: str) -> Response:
        if action not in {*Action}:
            raise Missing("concession", "There is no such kind of concession.")
        return _form(room, audit_id, action)

    @blueprint.post(f"{_CASE}/concessions")
    @allow(REGISTRAR)
    def grant(audit_id: str) -> Response:
        file = room.registry.file(audit_id, reader=signed_in_person())
        requires = room.exceptions.choices(file, now=room.now()).requires
        try:
            concession = read_concession(request.form, requires=requires)
            room.exceptions.grant(audit_id, concession, signed_in_person(), now=room.now())
        except Malformed as refusal:
            action = request.form.get("action", "")
            if action not in {*Action}:
                raise
            return _form(room, audit_id, action, refusal)
        flash(_("The concession is entered. It applies once another person has confirmed it."))
        return redirect(f"/degree/board/cases/{audit_id}", 303)

    @blueprint.get(f"{_CASE}/attestations")
    @allow(REGISTRAR, EXAMINER)
    def attestation_form(audit_id: str) -> Response:
        return _form(room, audit_id, "attestation")

    @blueprint.post(f"{_CASE}/attestations")
    @allow(REGISTRAR, EXAMINER)
    def attest(audit_id: str) -> Response:
        def enter() -> DecisionRow:
            read = read_attestation(request.form)
            person, now = signed_in_person(), room.now()
            return room.exceptions.attest(
                audit_id, read.name, read.attestation, person, why=read.why, now=now
            )

        return _entered(room, audit_id, "attestation", enter)

    @blueprint.get(f"{_CASE}/interruptions")
    @allow(REGISTRAR)
    def interruption_form(audit_id: str) -> Response:
        return _form(room, audit_id, "interruption")

    @blueprint.post(f"{_CASE}/interruptions")
    @allow(REGISTRAR)
    def interrupt(audit_id: str) -> Response:
        try:
            read = read_interruption(request.form)
            room.exceptions.interrupt(
                audit_id,
                read.interruption,
                signed_in_person(),
                authority=read.authority,
                clause=read.clause,
                why=read.why,
                now=room.now(),
            )
        except Malformed as refusal:
            return _form(room, audit_id, "interruption", refusal)
        flash(_("The interruption is entered. It applies once another person has confirmed it."))
        return redirect(f"/degree/board/cases/{audit_id}", 303)


def _add_changing(blueprint: Blueprint, room: Room) -> None:
    @blueprint.post(f"{_ONE}/confirmation")
    @allow(REGISTRAR, EXAMINER)
    def confirm(audit_id: str, exception_id: str) -> Response:
        read_confirmation(request.form)
        person = signed_in_person()
        row = room.exceptions.confirm(audit_id, exception_id, person, now=room.now())
        return _decided_anew(row)

    @blueprint.post(f"{_ONE}/withdrawal")
    @allow(REGISTRAR)
    def withdraw(audit_id: str, exception_id: str) -> Response:
        why, person = read_withdrawal(request.form), signed_in_person()
        row = room.exceptions.withdraw(audit_id, exception_id, person, why=why, now=room.now())
        return _decided_anew(row)


def _entered(room: Room, audit_id: str, kind: str, enter: Callable[[], DecisionRow]) -> Response:
    try:
        return _decided_anew(enter())
    except Malformed as refusal:
        return _form(room, audit_id, kind, refusal)


def _decided_anew(row: DecisionRow) -> Response:
    flash(_("The case was decided anew; this is the new audit."))
    return redirect(f"/degree/board/cases/{row.id}", 303)


def _form(room: Room, audit_id: str, kind: str, refusal: Malformed | None = None) -> Response:
    file: File = room.registry.file(audit_id, reader=signed_in_person())
    choices = room.exceptions.choices(file, now=room.now())
    is_concession = kind in {*Action}
    if is_concession and kind not in choices.actions:
        raise Missing("concession", "The programme allows no such concession in this case.")
    page = render_template(
        "degree/board/enter.html",
        file=file,
        kind=kind,
        asked=OF_ACTION[Action(kind)] if is_concession else (),
        choices=choices,
        rules=choices.rules.get(Action(kind), ()) if is_concession else (),
        given=request.form,
        today=room.now().date(),
        faults=faults_of(refusal),
    )
    return make_response(page, 200 if refusal is None else 400)
