"""The HTTP side of OpenID4VP 1.0: the signed request that wallets read, and what they post."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from accounts.guard import PROGRAM, allow
from degree.reception import Addresses, Reception
from openid4vc.exchange import OAuthError
from openid4vc.presentation.request import MEDIA_TYPE


def blueprint(
    reception: Reception, *, addresses: Addresses, now: Callable[[], datetime]
) -> Blueprint:
    """The endpoints under /degree that wallets call."""
    routes = Blueprint("degree_oid4vp", __name__, url_prefix="/degree")

    @routes.get("/requests/<state>")
    @allow(PROGRAM)
    def request_object(state: str) -> Response:
        """The signed request (section 5.10.1)."""
        answer = make_response(reception.request_object(state, now=now()))
        answer.mimetype = MEDIA_TYPE
        return answer

    @routes.post("/response")
    @allow(PROGRAM)
    def response() -> ResponseReturnValue:
        """The wallet's answer (section 8.2): 200 with where the member's browser goes on."""
        try:
            goes_on = reception.receive(request.get_data(cache=False), now=now())
        except OAuthError as refusal:
            if refusal.code != "access_denied":
                return jsonify(refusal.document()), refusal.status
            goes_on = f"{addresses.origin}/degree/"
        return jsonify({"redirect_uri": goes_on})

    return routes
