"""The headers that every answer carries, and the origin that every request is given."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# No script runs, so nothing that is put into a page can; a page that needs one of ours names it.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Share links are secrets in the path: nobody whom a page links to learns them.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TWO_YEARS: Final = 63_072_000  # seconds
_A_YEAR: Final = 31_536_000  # seconds


def install(app: Flask, *, is_https: bool) -> None:
    """Add the headers to every answer of `app`, unless its view has set them itself."""

    def add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _policy(g.get("script_nonce")))
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_TWO_YEARS}")
        if request.endpoint == "static" and request.args:
            # The address carries the file's digest (service/pages.py), so it never changes.
            response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add)


def _policy(script_nonce: str | None) -> str:
    """The policy of a page; `script_nonce` is the number in the tag of its script, if it has one.

    That script may ask us what a passkey has to answer.
    """
    if script_nonce is None:
        return _POLICY
    return f"{_POLICY}; script-src 'nonce-{script_nonce}'; connect-src 'self'"


class FixedOrigin:
    """Every request is for our one origin, whatever its Host header says.

    Links, cookies and DIDs are made from it, and a stranger could write anything into the header.
    """

    def __init__(self, application: "WSGIApplication", origin: str) -> None:
        self._application = application
        parts = urlsplit(origin)
        default_port = "443" if parts.scheme == "https" else "80"
        self._fixed: dict[str, Any] = {
            "HTTP_HOST": parts.netloc,
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or default_port),
            "wsgi.url_scheme": parts.scheme,
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ.update(self._fixed)
        return self._application(environ, start_response)
