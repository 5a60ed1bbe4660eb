"""Asking a wallet over HTTP (OpenID4VP 1.0): the asker's pages, and what wallets read and post."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import segno
from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from accounts.guard import ANYONE, PROGRAM, allow
from openid4vc.exchange import OAuthError
from openid4vc.presentation.request import MEDIA_TYPE
from vc.errors import Malformed, Missing
from verifier.asking.reception import KEPT, Addresses, Question, Reception
from verifier.asking.store import Outcome
from verifier.asking.wishes import Kind, Wish
from verifier.counter import Counter
from verifier.desk import Checked, Desk
from verifier.naming import told_apart
from verifier.reports import shown
from verifier.schemas import read_wish
from verifier.trust import TrustRegistry

LARGEST_ANSWER: Final = 4 * 1_048_576  # bytes of a form: some sixty badges of 40,000
LOOK_AGAIN: Final = timedelta(seconds=4)
_COOKIE: Final = "learnometer_asked"
_FOREVER: Final = timedelta(minutes=10) + KEPT  # of one question
_WORST_FIRST: Final = ("unreadable", "invalid", "unknown", "warning", "valid")


@dataclass(frozen=True, slots=True)
class AskingDesk:
    """The use cases behind these pages, the clock, and what only the composition knows."""

    reception: Reception
    desk: Desk
    counter: Counter
    addresses: Addresses
    now: Callable[[], datetime]


def blueprint(asking: AskingDesk) -> Blueprint:
    """Everything under /verifier that has to do with asking wallets."""
    routes = Blueprint(
        "verifier_oid4vp", __name__, url_prefix="/verifier", template_folder="templates"
    )
    for add_views in (_add_question, _add_answer, _add_for_wallets):
        add_views(routes, asking)
    return routes


def _add_question(routes: Blueprint, asking: AskingDesk) -> None:
    @routes.get("/ask")
    @allow(ANYONE)
    def form() -> str:
        issuers = told_apart(asking.desk.registry.current().issuers.values())
        return render_template("verifier/asking.html", issuers=issuers, kept=KEPT)

    @routes.post("/ask")
    @allow(ANYONE)
    def ask() -> Response:
        wish = read_wish(request.form)
        if wish.issuer and wish.issuer not in asking.desk.registry.current().issuers:
            raise Malformed("issuer", _("This issuer is not registered here."), place="issuer")
        asked = asking.reception.ask(wish, now=asking.now())
        page = urlsplit(asking.addresses.page(asked.id)).path
        answer = make_response(redirect(page, 303))
        # One cookie for one question, sent to its page only: no two questions can be connected.
        answer.set_cookie(
            _COOKIE,
            asked.secret,
            max_age=_FOREVER,
            path=page,
            httponly=True,
            secure=request.is_secure,
            samesite="Lax",
        )
        return answer


def _add_answer(routes: Blueprint, asking: AskingDesk) -> None:
    reception, now = asking.reception, asking.now

    @routes.get("/asked/<question_id>")
    @allow(ANYONE)
    def asked(question_id: str) -> str:
        question = reception.question(question_id, secret=_secret(), now=now())
        if question.is_waiting(now=now()):
            return _waiting(question, asking)
        if question.outcome is Outcome.SHOWN:
            return _shown(question, reception.verdicts(question, now=now()), asking.counter)
        return render_template("verifier/unanswered.html", question=question)

    @routes.get("/asked/<question_id>/<code>")
    @allow(ANYONE)
    def come_back(question_id: str, code: str) -> ResponseReturnValue:
        """Where wallets send their browser: to the verdict if it asked, else to a few words."""
        try:
            reception.come_back(question_id, code, secret=_secret(), now=now())
        except Missing:
            is_unread = reception.is_unread(question_id, code)
            return render_template("verifier/elsewhere.html", is_unread=is_unread)
        return redirect(urlsplit(asking.addresses.page(question_id)).path, 303)

    @routes.post("/asked/<question_id>/forget")
    @allow(ANYONE)
    def forget(question_id: str) -> ResponseReturnValue:
        reception.forget(question_id, secret=_secret(), now=now())
        flash(_("What was asked and shown is deleted here."))
        return redirect("/verifier/ask", 303)


def _add_for_wallets(routes: Blueprint, asking: AskingDesk) -> None:
    reception, now = asking.reception, asking.now

    @routes.get("/requests/<state>")
    @allow(PROGRAM)
    def request_object(state: str) -> Response:
        """The signed request (section 5.10.1)."""
        answer = make_response(reception.request_object(state, now=now()))
        answer.mimetype = MEDIA_TYPE
        return answer

    @routes.post("/responses/<state>")
    @allow(PROGRAM)
    def response(state: str) -> ResponseReturnValue:
        """The wallet's answer (section 8.2): 200 with where the holder's browser goes on."""
        try:
            goes_on = reception.receive(state, _body(), now=now())
        except OAuthError as refusal:
            return jsonify(refusal.document()), refusal.status
        return jsonify({"redirect_uri": goes_on})


def _secret() -> str:
    return request.cookies.get(_COOKIE, "")


def _body() -> bytes:
    request.max_content_length = LARGEST_ANSWER
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        sentence = f"The answer is larger than {LARGEST_ANSWER:,} bytes."
        raise OAuthError("invalid_request", sentence) from error


def _waiting(question: Question, asking: AskingDesk) -> str:
    return render_template(
        "verifier/asked.html",
        question=question,
        wish=_in_words(question.wish, asking.desk.registry.current()),
        look_again=LOOK_AGAIN,
        # Our own wallet is a page; every other wallet takes the address itself.
        wallet=_own_wallet(question.same_device),
        code=_qr(question.other_device),
        own_code=_qr(asking.addresses.origin + _own_wallet(question.other_device)),
    )


def _own_wallet(address: str) -> str:
    """The path of the page of our own wallet that shows an openid4vp address."""
    return f"/wallet/present?{urlsplit(address).query}"


def _qr(text: str) -> str:
    return str(segno.make(text, error="l").svg_data_uri(scale=4, border=3, light="white"))


def _shown(question: Question, verdicts: Sequence[Checked], counter: Counter) -> str:
    tones = {checked.tone for checked in verdicts}
    tone = next(tone for tone in _WORST_FIRST if tone in tones)
    return render_template(
        "verifier/shown.html",
        question=question,
        shown=[shown(checked, counter) for checked in verdicts],
        tone=tone,
        heading=_heading(tone),
    )


def _heading(tone: str) -> str:
    sentences = {
        "valid": _("Everything that was shown is genuine and valid."),
        "warning": _("Everything that was shown is genuine; not every issuer is known here."),
        "unknown": _("Not everything that was shown could be fully checked."),
        "invalid": _("Not everything that was shown is valid."),
        "unreadable": _("Not everything that was shown could be read."),
    }
    return str(sentences[tone])


def _in_words(wish: Wish, registry: TrustRegistry) -> str:
    """What is asked, as the asker's page repeats it."""
    issuer = told_apart(registry.issuers.values()).get(wish.issuer, wish.issuer)
    if not issuer:
        anybody = {
            Kind.BADGE: _("one badge of the holder's choice"),
            Kind.BADGES: _("badges of the holder's choice"),
            Kind.DEGREE: _("a degree or another university award"),
        }
        return str(anybody[wish.kind])
    named = {
        Kind.BADGE: _("one badge from %(issuer)s", issuer=issuer),
        Kind.BADGES: _("badges from %(issuer)s", issuer=issuer),
        Kind.DEGREE: _("a degree or another award from %(issuer)s", issuer=issuer),
    }
    return str(named[wish.kind])
