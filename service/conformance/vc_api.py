"""Issuing and status for conformance suites, at the root (VC-API 0.3, sections 3.2 and 3.3)."""

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from accounts.guard import PROGRAM, allow
from issuer.schemas import StatusRequest
from service.conformance.instances import Instance
from service.conformance.lists import Lists
from service.conformance.schemas import IssueRequest
from vc.documents import JsonObject
from vc.errors import Missing
from vc.issue import ENVELOPED, Form, Selective, issue_as
from vc.received import ENVELOPE
from vc.structure import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY


def blueprint(
    instances: Mapping[str, Instance], lists: Lists, *, now: Callable[[], datetime]
) -> Blueprint:
    """The blueprint; the first instance issues for those who name none."""
    routes = Blueprint("conformance", __name__, description="Issue with keys for one run.")
    first = next(iter(instances.values()))

    def issued(instance: Instance, body: dict[str, Any]) -> ResponseReturnValue:
        credential = _completed(body["credential"], instance, lists)
        pointers = tuple(body["options"]["mandatoryPointers"])
        secured = issue_as(
            instance.form,
            credential,
            signer=instance.signer,
            created=now(),
            selective=Selective(entropy=secrets.token_bytes, mandatory=pointers),
        )
        return jsonify({"verifiableCredential": _as_object(secured, instance.form)}), 201

    @routes.post("/credentials/issue")
    @allow(PROGRAM)
    @routes.arguments(IssueRequest)
    def issue(body: dict[str, Any]) -> ResponseReturnValue:
        """Secure a credential as an issuer does who is not asked for a form."""
        return issued(first, body)

    @routes.post("/<name>/credentials/issue")
    @allow(PROGRAM)
    @routes.arguments(IssueRequest)
    def issue_by(body: dict[str, Any], name: str) -> ResponseReturnValue:
        """Secure a credential in the form that the address names."""
        if name not in instances:
            raise Missing("instance", "There is no issuer of this name.")
        return issued(instances[name], body)

    @routes.post("/credentials/status")
    @allow(PROGRAM)
    @routes.arguments(StatusRequest)
    def change_status(body: dict[str, Any]) -> ResponseReturnValue:
        """Set or unset a credential's status."""
        purpose = body["credentialStatus"]["statusPurpose"]
        lists.change(body["credentialId"], purpose=purpose, raised=body["status"])
        return jsonify({}), 200

    @routes.get("/status-lists/<purpose>")
    @allow(PROGRAM)
    def status_list(purpose: str) -> ResponseReturnValue:
        """A signed status list, as of now."""
        return jsonify(lists.published(purpose, now=now())), {"Cache-Control": "no-store"}

    @routes.post("/status-lists/<purpose>/publish")
    @allow(PROGRAM)
    def publish(purpose: str) -> ResponseReturnValue:
        """Nothing more is to be done: a list is always published as it stands."""
        lists.published(purpose, now=now())
        return "", 204

    return routes


def _completed(credential: JsonObject, instance: Instance, lists: Lists) -> JsonObject:
    contexts = credential.get("@context")
    if (
        isinstance(contexts, list)
        and contexts[:1] == [CREDENTIALS_V1]
        and DATA_INTEGRITY not in contexts
        and instance.form not in ENVELOPED
    ):
        # The context of VCDM 1.1 does not define the proof that is added.
        credential = {**credential, "@context": [*contexts, DATA_INTEGRITY]}
    if instance.with_status and "credentialStatus" not in credential:
        named = {"id": uuid.uuid4().urn, **credential}
        credential = {**named, "credentialStatus": lists.entries(str(named["id"]))}
    return credential


def _as_object(secured: JsonObject | str, form: Form) -> JsonObject:
    """A token in an envelope, for the interface carries objects (VCDM 2.0, section 4.13)."""
    if isinstance(secured, dict):
        return secured
    content = f"data:{ENVELOPED[form]},{secured}"
    return {"@context": CREDENTIALS_V2, "type": ENVELOPE, "id": content}
