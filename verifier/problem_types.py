"""What stands against a credential, by the type URLs that specifications give it (RFC 9457).

Sources: VCDM 2.0 section 7.3, VC Data Integrity 1.0 section 4.8, Bitstring Status List 1.0
section 3.5. What none of them names goes by a URN of our own.
"""

from typing import Final

from vc.model import Step

_MODEL: Final = "https://www.w3.org/TR/vc-data-model#"
_SECURITY: Final = "https://w3id.org/security#"
_STATUS: Final = "https://www.w3.org/ns/credentials/status-list#"
_BY_CODE: Final = {
    "json": f"{_MODEL}PARSING_ERROR",
    "json-object": f"{_MODEL}PARSING_ERROR",
    "undefined-term": f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    "status-unreachable": f"{_STATUS}STATUS_RETRIEVAL_ERROR",
    "status-list-length": f"{_STATUS}STATUS_LIST_LENGTH_ERROR",
    "status-range": f"{_STATUS}RANGE_ERROR",
    "status-index": f"{_STATUS}MALFORMED_VALUE_ERROR",
    "status-entry": f"{_STATUS}MALFORMED_VALUE_ERROR",
    "status-size": f"{_STATUS}MALFORMED_VALUE_ERROR",
    "status-message": f"{_STATUS}MALFORMED_VALUE_ERROR",
    "presentation-challenge": f"{_SECURITY}INVALID_CHALLENGE_ERROR",
    "presentation-unsigned": f"{_SECURITY}PROOF_VERIFICATION_ERROR",
    "presentation-domain": f"{_SECURITY}INVALID_DOMAIN_ERROR",
}
_BY_STEP: Final = {
    "structure": f"{_MODEL}MALFORMED_VALUE_ERROR",
    "issuer": f"{_SECURITY}INVALID_VERIFICATION_METHOD",
    "key": f"{_SECURITY}INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
    "signature": f"{_SECURITY}PROOF_VERIFICATION_ERROR",
}
# Steps that went well with the list, and badly with the credential, are no error of a list.
_OF_THE_LIST: Final = frozenset({"revoked", "suspended", "status-kind", "status-set"})


def problem_type(step: Step) -> str:
    """The URL, or URN, of the kind of problem that a step found."""
    ours = f"urn:learnometer:problem:{step.code or step.name}"
    if step.name == "status" and step.code not in _OF_THE_LIST:
        return _BY_CODE.get(step.code, f"{_STATUS}STATUS_VERIFICATION_ERROR")
    return _BY_CODE.get(step.code) or _BY_STEP.get(step.name, ours)
