"""The VC-API verifying endpoint for programs (W3C CCG VC-API, section 3.4)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from accounts.guard import PROGRAM, allow
from vc.model import Outcome, Verdict
from verifier.desk import Checked, Desk, checked_as_json
from verifier.schemas import VerifyCredentialRequest, VerifyCredentialResponse


def blueprint(desk: Desk, *, now: Callable[[], datetime]) -> Blueprint:
    """The blueprint of the VC-API endpoints under /verifier."""
    routes = Blueprint(
        "verifier_vc_api", __name__, url_prefix="/verifier", description="Verify credentials."
    )

    @routes.post("/credentials/verify")
    @allow(PROGRAM)
    @routes.arguments(VerifyCredentialRequest)
    @routes.alt_response(200, schema=VerifyCredentialResponse, description="Verified.")
    @routes.alt_response(400, schema=VerifyCredentialResponse, description="Not verified.")
    def verify_credential(body: dict[str, Any]) -> ResponseReturnValue:
        """Verify one credential; 200 only when every check passed."""
        checked = desk.check(body["verifiableCredential"], now=now())
        status = 200 if checked.report.verdict is Verdict.VALID else 400
        return jsonify(_response(checked)), status

    return routes


def _response(checked: Checked) -> dict[str, Any]:
    against = [step for step in checked.report.steps if step.outcome is not Outcome.PASS]
    return {
        "verified": checked.report.verdict is Verdict.VALID,
        "results": checked_as_json(checked),
        "problemDetails": [
            {
                "type": f"urn:learnometer:problem:{step.code or step.name}",
                "title": step.name,
                "detail": step.sentence,
            }
            for step in against
        ],
    }
