"""The VC-API verifying endpoints for programs (W3C CCG VC-API, section 3.4)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from accounts.guard import PROGRAM, allow
from vc.errors import Malformed
from vc.model import Outcome, Step, Verdict
from verifier.desk import Checked, CheckedPresentation, Desk, checked_as_json, step_as_json
from verifier.problem_types import problem_type
from verifier.schemas import (
    VerifyCredentialRequest,
    VerifyCredentialResponse,
    VerifyPresentationRequest,
)

_PURPOSE: Final = "assertionMethod"


def blueprint(desk: Desk, *, now: Callable[[], datetime], prefix: str = "/verifier") -> Blueprint:
    """The blueprint of the VC-API endpoints under `prefix`."""
    routes = Blueprint(
        "verifier_vc_api", __name__, url_prefix=prefix, description="Verify credentials."
    )

    @routes.post("/credentials/verify")
    @allow(PROGRAM)
    @routes.arguments(VerifyCredentialRequest)
    @routes.alt_response(200, schema=VerifyCredentialResponse, description="Verified.")
    @routes.alt_response(400, schema=VerifyCredentialResponse, description="Not verified.")
    def verify_credential(body: dict[str, Any]) -> ResponseReturnValue:
        """Verify one credential; 200 only when every check passed.

        A proof for another purpose than assertionMethod is no proof of a credential, so whoever
        expects one is told so.
        """
        if body["options"].get("expectedProofPurpose", _PURPOSE) != _PURPOSE:
            sentence = f"The proof of a credential has the purpose {_PURPOSE}."
            raise Malformed("proof-purpose", sentence, place="/options/expectedProofPurpose")
        checked = desk.check(
            body["verifiableCredential"],
            now=now(),
            recipient=body["options"].get("recipient", ""),
        )
        status = 200 if checked.report.verdict is Verdict.VALID else 400
        return jsonify(_response(checked)), status

    @routes.post("/presentations/verify")
    @allow(PROGRAM)
    @routes.arguments(VerifyPresentationRequest)
    @routes.alt_response(200, schema=VerifyCredentialResponse, description="Verified.")
    @routes.alt_response(400, schema=VerifyCredentialResponse, description="Not verified.")
    def verify_presentation(body: dict[str, Any]) -> ResponseReturnValue:
        """Verify a presentation and each credential in it; 200 only when every check passed."""
        options = body["options"]
        checked = desk.check_presentation(
            body["verifiablePresentation"],
            challenge=options.get("challenge"),
            domain=options.get("domain"),
            now=now(),
        )
        return jsonify(_presented(checked)), 200 if checked.verified else 400

    return routes


def _presented(checked: CheckedPresentation) -> dict[str, Any]:
    steps = [*checked.report.steps, *(s for one in checked.credentials for s in one.report.steps)]
    return {
        "verified": checked.verified,
        "results": {
            "holder": checked.report.holder,
            "steps": [step_as_json(step) for step in checked.report.steps],
            "credentials": [checked_as_json(one) for one in checked.credentials],
        },
        "problemDetails": [_problem(s) for s in steps if s.outcome is not Outcome.PASS],
    }


def _problem(step: Step) -> dict[str, str]:
    return {
        "type": problem_type(step),
        "code": step.code or step.name,
        "title": step.name,
        "detail": step.sentence,
    }


def _response(checked: Checked) -> dict[str, Any]:
    against = [step for step in checked.report.steps if step.outcome is not Outcome.PASS]
    return {
        "verified": checked.report.verdict is Verdict.VALID,
        "results": checked_as_json(checked),
        "problemDetails": [_problem(step) for step in against],
    }
