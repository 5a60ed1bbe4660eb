"""Approving what a decision found, with a passkey: one page with one button."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guard import allow, signed_in_person
from degree.board.approvals import signed_digest
from degree.board.pages.room import Room
from degree.board.schemas.approval import read_approval
from degree.board.showing import shown
from degree.roles import EXAMINER, REGISTRAR
from degree.statement import statement
from vc.errors import Conflict, Forbidden, Malformed, NotAuthenticated, Refused

_APPROVAL = "/cases/<audit_id>/approval"


def add(blueprint: Blueprint, room: Room) -> None:
    """The views of an approval."""

    @blueprint.get(_APPROVAL)
    @allow(REGISTRAR, EXAMINER)
    def approval(audit_id: str) -> Response:
        return _page(room, audit_id)

    @blueprint.post(_APPROVAL)
    @allow(REGISTRAR, EXAMINER)
    def approve(audit_id: str) -> Response:
        try:
            read = read_approval(request.form)
            room.approving.approve(
                audit_id,
                signed_in_person(),
                capacity=read.capacity,
                response=read.passkey,
                now=room.now(),
            )
        except (Malformed, Conflict, Forbidden, NotAuthenticated) as refusal:
            return _page(room, audit_id, refusal)
        flash(_("Your approval is signed and kept with the decision."))
        return redirect(f"/degree/board/cases/{audit_id}#approvals", 303)


def _page(room: Room, audit_id: str, refusal: Refused | None = None) -> Response:
    reader = signed_in_person()
    file = room.registry.file(audit_id, reader=reader)
    page = render_template(
        "degree/board/approve.html",
        file=file,
        statement=statement(file),
        exceptions=shown(file, room.exceptions.of(file), for_staff=True),
        approvals=room.approving.seen(file, reader),
        digest=signed_digest(file.record),
        reader=reader,
        refusal=refusal,
    )
    statuses = {Malformed: 400, Forbidden: 403, Conflict: 409}
    found = (status for kind, status in statuses.items() if isinstance(refusal, kind))
    return make_response(page, next(found, 401) if refusal else 200)
