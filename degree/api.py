"""What the office publishes for programs: its DID document, its programmes, and audits as JSON."""

from collections.abc import Callable, Sequence

from flask import Response, jsonify, make_response
from flask_smorest import Blueprint

from accounts.guard import PROGRAM, SIGNED_IN, allow, signed_in_person
from degree.catalogue import Catalogue
from degree.registry import Registry
from degree.rules.decision_record import written
from degree.schemas import RecordResponse
from vc import did


def blueprint(
    registry: Registry,
    *,
    catalogue: Catalogue,
    office: str,
    keys: Callable[[], Sequence[tuple[str, bytes]]],
) -> Blueprint:
    """The blueprint under /degree. `office` is its DID; `keys` gives (fragment, public key)."""
    routes = Blueprint(
        "degree_api", __name__, url_prefix="/degree", description="The degree office."
    )

    @routes.get("/did.json")
    @allow(PROGRAM)
    def did_document() -> Response:
        """The office's DID document."""
        answer = jsonify(did.document(office, list(keys())))
        answer.mimetype = "application/did+json"
        return answer

    @routes.get("/programmes/<programme_id>")
    @allow(PROGRAM)
    def programme(programme_id: str) -> Response:
        """A programme's text, byte for byte as its digest is taken."""
        answer = make_response(catalogue.applied(programme_id).source)
        answer.mimetype = "application/yaml"
        return answer

    @routes.get("/audits/<audit_id>.json")
    @allow(SIGNED_IN)
    @routes.alt_response(
        200, schema=RecordResponse, description="The decision record, with its approvals."
    )
    def audit(audit_id: str) -> Response:
        """The decision record of an audit, for the member and for registrars, as it is signed over.

        Anybody can check the file without us: `learnometer degree check`.
        """
        file = registry.file(audit_id, reader=signed_in_person())
        answer = make_response(written(file.record))
        answer.mimetype = "application/json"
        answer.headers.set(
            "Content-Disposition", "attachment", filename=f"decision-{audit_id}.json"
        )
        return answer

    return routes
