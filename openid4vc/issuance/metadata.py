"""Metadata of the credential issuer (OpenID4VCI 1.0, section 12.2) and of its authorization
server (RFC 8414)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from openid4vc.exchange import Http, read_json, web_url
from openid4vc.issuance.offer import PRE_AUTHORIZED
from vc.documents import JsonObject
from vc.errors import Malformed

CREDENTIAL_ISSUER: Final = "openid-credential-issuer"
AUTHORIZATION_SERVER: Final = "oauth-authorization-server"
PROOF_ALGORITHM: Final = "EdDSA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One kind of credential that an issuer offers, as `ldp_vc`, bound to a did:key.

    `contexts` and `types` are those of the credential itself, in order; `name` is for people.
    """

    id: str
    contexts: tuple[str, ...]
    types: tuple[str, ...]
    name: str

    def document(self) -> JsonObject:
        """The entry in credential_configurations_supported."""
        return {
            "format": "ldp_vc",
            "scope": self.id,
            "cryptographic_binding_methods_supported": ["did:key"],
            "proof_types_supported": {
                "jwt": {"proof_signing_alg_values_supported": [PROOF_ALGORITHM]}
            },
            "credential_signing_alg_values_supported": ["eddsa-rdfc-2022"],
            "credential_definition": {"@context": list(self.contexts), "type": list(self.types)},
            "credential_metadata": {"display": [{"name": self.name, "locale": "en"}]},
        }


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """What a wallet needs to know of an issuer.

    `configurations` are those in `ldp_vc`: their ids, and what the issuer calls them for people.
    """

    credential_issuer: str
    credential_endpoint: str
    nonce_endpoint: str | None
    authorization_server: str
    name: str
    configurations: Mapping[str, str]


def well_known(identifier: str, name: str) -> str:
    """The metadata URL of an identifier: /.well-known/<name> between its host and its path."""
    parts = urlsplit(identifier)
    return f"{parts.scheme}://{parts.netloc}/.well-known/{name}{parts.path.rstrip('/')}"


def issuer_metadata(
    *,
    credential_issuer: str,
    name: str,
    credential_endpoint: str,
    nonce_endpoint: str,
    token_endpoint: str,
    configurations: Sequence[Configuration],
) -> JsonObject:
    """The document at the issuer's well-known URL."""
    return {
        "credential_issuer": credential_issuer,
        "credential_endpoint": credential_endpoint,
        "nonce_endpoint": nonce_endpoint,
        "display": [{"name": name, "locale": "en"}],
        "credential_configurations_supported": {
            configuration.id: configuration.document() for configuration in configurations
        },
        # @digitalbazaar/oid4-client reads these here and not in the server's own metadata.
        "issuer": credential_issuer,
        "token_endpoint": token_endpoint,
    }


def authorization_server_metadata(*, issuer: str, token_endpoint: str) -> JsonObject:
    """The RFC 8414 document of an issuer that is its own authorization server."""
    return {
        "issuer": issuer,
        "token_endpoint": token_endpoint,
        "response_types_supported": [],
        "grant_types_supported": [PRE_AUTHORIZED],
        "token_endpoint_auth_methods_supported": ["none"],
        "pre-authorized_grant_anonymous_access_supported": True,
    }


def fetch_issuer_metadata(credential_issuer: str, *, http: Http) -> IssuerMetadata:
    """The metadata of an issuer, from its well-known URL. Raises Malformed, Unavailable."""
    url = well_known(credential_issuer, CREDENTIAL_ISSUER)
    answer = http.send("GET", url, headers={"accept": "application/json"})
    document = read_json(answer, source="The issuer's metadata")
    return read_issuer_metadata(document, expected_issuer=credential_issuer)


def fetch_token_endpoint(authorization_server: str, *, http: Http) -> str:
    """Where tokens are given, from the server's metadata (RFC 8414).

    Raises Malformed, Unavailable.
    """
    url = well_known(authorization_server, AUTHORIZATION_SERVER)
    answer = http.send("GET", url, headers={"accept": "application/json"})
    document = read_json(answer, source="The authorization server's metadata")
    if document.get("issuer") != authorization_server:
        raise Malformed("metadata", "The metadata is of another server.", place="/issuer")
    return web_url(document.get("token_endpoint"), place="/token_endpoint")


def read_issuer_metadata(document: JsonObject, *, expected_issuer: str) -> IssuerMetadata:
    """Issuer metadata parsed. Raises Malformed when it is not that of `expected_issuer`."""
    if document.get("credential_issuer") != expected_issuer:
        sentence = "The metadata is of another issuer."
        raise Malformed("metadata", sentence, place="/credential_issuer")
    nonce_endpoint = document.get("nonce_endpoint")
    if nonce_endpoint is not None:
        nonce_endpoint = web_url(nonce_endpoint, place="/nonce_endpoint")
    servers = document.get("authorization_servers") or [expected_issuer]
    if not isinstance(servers, list):
        raise Malformed("metadata", "A list was expected.", place="/authorization_servers")
    return IssuerMetadata(
        expected_issuer,
        web_url(document.get("credential_endpoint"), place="/credential_endpoint"),
        nonce_endpoint,
        web_url(servers[0], place="/authorization_servers/0"),
        _display_name(document.get("display")) or urlsplit(expected_issuer).netloc,
        _linked_data(document.get("credential_configurations_supported")),
    )


def _display_name(display: Any) -> str:
    entry = display[0] if isinstance(display, list) and display else {}
    name = entry.get("name") if isinstance(entry, dict) else None
    return name[:200] if isinstance(name, str) else ""


def _linked_data(configurations: Any) -> dict[str, str]:
    if not isinstance(configurations, Mapping):
        place = "/credential_configurations_supported"
        raise Malformed("metadata", "The issuer does not say what it issues.", place=place)
    names = {}
    for name, entry in configurations.items():
        if isinstance(entry, dict) and entry.get("format") == "ldp_vc":
            described = entry.get("credential_metadata")
            display = described.get("display") if isinstance(described, dict) else None
            names[name] = _display_name(display) or name
    return names
