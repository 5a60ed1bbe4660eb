"""Asking a wallet, taking in what its holder shows, and telling nobody but the one who asked."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from openid4vc.exchange import OAuthError
from openid4vc.presentation.asking import Asking, Challenge, digest, no_open_request
from openid4vc.presentation.response import Declined, Presented, read_response
from vc.documents import JsonObject
from vc.errors import Missing
from vc.model import Outcome as StepOutcome
from vc.model import Step
from verifier.asking.store import Outcome, QuestionRow, RequestRow, Store
from verifier.asking.wishes import Kind, Wish
from verifier.desk import Checked, Desk
from verifier.handing import Handed

MOST_SHOWN: Final = 60  # credentials in one answer; each is verified while the wallet waits
# How long the page shows what became of a question, and so how long anything of it is kept.
KEPT: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the verifier is found; `origin` has no final slash, `did` is the verifier's own."""

    origin: str
    did: str

    def request(self, state: str) -> str:
        """Where a wallet reads a signed request."""
        return f"{self.origin}/verifier/requests/{state}"

    def response(self, state: str) -> str:
        """Where a wallet posts its answer to that request, and to no other."""
        return f"{self.origin}/verifier/responses/{state}"

    def page(self, question_id: str) -> str:
        """The asker's page."""
        return f"{self.origin}/verifier/asked/{question_id}"

    def answered(self, question_id: str, code: str) -> str:
        """Where the wallet sends its browser after the answer."""
        return f"{self.page(question_id)}/{code}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question just asked. `secret` goes to the asker's browser and nowhere else."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as its asker sees it.

    `other_device` and `same_device` are openid4vp addresses, for a QR code and for a button.
    """

    id: str
    wish: Wish
    outcome: Outcome
    expires: datetime
    forgotten: datetime
    waits_for_return: bool
    other_device: str
    same_device: str
    holder: str
    answered: datetime | None
    signed: tuple[JsonObject | str, ...]

    def is_waiting(self, *, now: datetime) -> bool:
        """Whether an answer, or the return from the wallet, may still come."""
        if self.outcome is Outcome.OPEN:
            return now < self.expires
        return self.outcome is Outcome.SHOWN and self.waits_for_return


class Reception:
    """Questions to wallets. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        asking: Asking,
        desk: Desk,
        addresses: Addresses,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._asking = asking
        self._desk = desk
        self._addresses = addresses
        self._new_id = new_id

    def ask(self, wish: Wish, *, now: datetime) -> Asked:
        """Ask; the question can be answered once, by the code or by the button."""
        asked = Asked(self._new_id(), self._asking.new_token())
        challenges = {same: self._asking.challenge(now=now) for same in (False, True)}
        expires = challenges[False].expires
        question = QuestionRow(
            id=asked.id,
            asker_digest=digest(asked.secret),
            kind=wish.kind.value,
            issuer=wish.issuer,
            expires_at=expires,
            forgotten_at=expires + KEPT,
        )
        requests = [
            RequestRow(
                state=challenge.state,
                nonce=challenge.nonce,
                question_id=asked.id,
                same_device=same_device,
            )
            for same_device, challenge in challenges.items()
        ]
        with self._store.ledger() as ledger:
            ledger.forget_old(now=now)
            ledger.add(question, *requests)
        return asked

    def request_object(self, state: str, *, now: datetime) -> str:
        """The signed request that an address refers to. Raises Missing, Gone."""
        with self._store.ledger() as ledger:
            found = ledger.request(state)
        if found is None:
            raise Missing("request", "There is no such request.")
        request, question = found
        return self._asking.request_object(
            _challenge(request, question),
            query=_wish(question).query,
            response_uri=self._addresses.response(state),
            now=now,
        )

    def receive(self, state: str, body: bytes, *, now: datetime) -> str:
        """Take in a wallet's answer to one request, once; returns where its browser goes on.

        An answer that is refused leaves the question open. Raises OAuthError.
        """
        with self._store.ledger() as ledger:
            ledger.forget_old(now=now)
            found = ledger.request(state)
        if found is None:
            raise no_open_request()
        request, question = found
        code = self._asking.new_token()
        answer: dict[str, object]
        try:
            # (1) Of this request, and open. (2) Presented for it, by the holder of everything.
            presented = self._asking.check(
                read_response(body),
                _challenge(request, question),
                query=_wish(question).query,
                now=now,
                most=MOST_SHOWN,
            )
            answer = _answer(request, presented, code)
        except Declined as declined:
            if declined.state != state:
                raise OAuthError("invalid_request", "It belongs to another request.") from declined
            answer = {"outcome": Outcome.DECLINED.value}
        # (3) Kept for minutes, once.
        with self._store.ledger() as ledger:
            if not ledger.close(question.id, now=now, forgotten_at=now + KEPT, **answer):
                raise no_open_request()
        return self._addresses.answered(question.id, code)

    def come_back(self, question_id: str, code: str, *, secret: str, now: datetime) -> None:
        """The asker's browser comes back from the wallet with the response code.

        Whoever talks somebody else into answering by the button does not get the code, and so
        sees nothing (OpenID4VP 1.0, sections 13.3 and 14.2). Raises Missing.
        """
        with self._store.ledger() as ledger:
            question = _own(ledger.question(question_id), secret, now)
            if compare_digest(question.code_digest or "", digest(code)):
                question.returned_at = now

    def is_unread(self, question_id: str, code: str) -> bool:
        """Whether what was shown waits for the asker's browser; told to whoever has the code."""
        with self._store.ledger() as ledger:
            row = ledger.question(question_id)
        if row is None or not compare_digest(row.code_digest or "", digest(code)):
            return False
        return _waits(row)

    def question(self, question_id: str, *, secret: str, now: datetime) -> Question:
        """The question, for the browser that asked it. Raises Missing, the same for all others."""
        with self._store.ledger() as ledger:
            row = _own(ledger.question(question_id), secret, now)
            requests = ledger.requests(question_id)
        waits = _waits(row)
        readable = row.credentials is not None and not waits
        return Question(
            id=row.id,
            wish=_wish(row),
            outcome=Outcome(row.outcome),
            expires=row.expires_at,
            forgotten=row.forgotten_at,
            waits_for_return=waits,
            other_device=self._address(requests[False]),
            same_device=self._address(requests[True]),
            holder=(row.holder or "") if readable else "",
            answered=row.answered_at,
            signed=tuple(json.loads(row.credentials or "[]")) if readable else (),
        )

    def verdicts(self, question: Question, *, now: datetime) -> list[Checked]:
        """What was shown, each checked now like anything that is handed to the desk."""
        handed = [Handed("", signed) for signed in question.signed]
        checked = self._desk.examine(handed, now=now)
        return [_with_holder(one, question.holder) for one in checked]

    def forget(self, question_id: str, *, secret: str, now: datetime) -> None:
        """Delete the question and everything that was shown. Raises Missing."""
        with self._store.ledger() as ledger:
            ledger.forget(_own(ledger.question(question_id), secret, now).id)

    def _address(self, request: RequestRow) -> str:
        return self._asking.address(self._addresses.request(request.state))


def _own(question: QuestionRow | None, secret: str, now: datetime) -> QuestionRow:
    known = question.asker_digest if question else ""
    if (
        question is None
        or question.forgotten_at <= now
        or not compare_digest(known, digest(secret))
    ):
        raise Missing("question", "Nothing was asked here by this browser, or it is forgotten.")
    return question


def _waits(question: QuestionRow) -> bool:
    return question.needs_return and question.returned_at is None


def _answer(request: RequestRow, presented: tuple[Presented, ...], code: str) -> dict[str, object]:
    return {
        "outcome": Outcome.SHOWN.value,
        "holder": presented[0].holder,
        "credentials": json.dumps([entry.signed for entry in presented], ensure_ascii=False),
        "code_digest": digest(code),
        "needs_return": request.same_device,
    }


def _challenge(request: RequestRow, question: QuestionRow) -> Challenge:
    used = question.outcome != Outcome.OPEN.value
    return Challenge(request.state, request.nonce, question.expires_at, used)


def _wish(question: QuestionRow) -> Wish:
    return Wish(Kind(question.kind), question.issuer)


def _with_holder(checked: Checked, holder: str) -> Checked:
    """The report with the step that only a presentation proves.

    Of a credential whose issuer is not proven it says nothing: anybody could have written it.
    """
    credential = checked.report.credential
    if credential is None or not checked.says_who:
        return checked
    if credential.subject_id == holder:
        sentence = f"It is held by the one who presented it: {holder} signed the answer."
        step = Step("holder", StepOutcome.PASS, sentence)
    else:
        sentence = "It is about somebody else than the one who presented it."
        step = Step("holder", StepOutcome.FAIL, sentence, "holder-not-subject")
    return replace(checked, report=replace(checked.report, steps=(*checked.report.steps, step)))
