"""The holder's VC-API endpoint for programs (W3C CCG VC-API 0.3, section 3.5)."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from accounts.guard import PROGRAM, allow
from vc.proofs import ecdsa_sd_2023
from wallet.schemas import DeriveRequest, DeriveResponse


def blueprint(*, prefix: str = "/wallet") -> Blueprint:
    """The blueprint under `prefix`. Nothing is kept: what comes in goes out smaller."""
    routes = Blueprint(
        "wallet_vc_api", __name__, url_prefix=prefix, description="Show parts of credentials."
    )

    @routes.post("/credentials/derive")
    @allow(PROGRAM)
    @routes.arguments(DeriveRequest)
    @routes.alt_response(201, schema=DeriveResponse, description="Derived.")
    def derive(body: dict[str, Any]) -> ResponseReturnValue:
        """A part of a credential that has a base proof of ecdsa-sd-2023, with a proof of it."""
        pointers = body["options"]["selectivePointers"]
        shown = ecdsa_sd_2023.derive(body["verifiableCredential"], pointers=pointers)
        return jsonify({"verifiableCredential": shown}), 201

    return routes
