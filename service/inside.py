"""The installation on this machine, reached in process, for commands that seldom need it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.fetchers import Loopback
from service.settings import Settings, from_environment
from vc.errors import Refused, Unavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def inside(settings: Settings) -> Loopback | None:
    """The way to what the installation in the home folder publishes; None where there is none.

    So its badges can be verified while it is not being served.
    """
    if not settings.keys_folder.is_dir():
        return None
    return Loopback(_Lazily(), settings.origin)


class _Lazily:
    """The application, made when it is asked for the first time: making it takes a second."""

    def __init__(self) -> None:
        self._application: WSGIApplication | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if self._application is None:
            self._application = _application()
        return self._application(environ, start_response)


def _application() -> "WSGIApplication":
    from service.app import create_app

    try:
        return create_app(from_environment())
    except Refused as error:
        sentence = f"The installation here does not start: {error}"
        raise Unavailable("installation", sentence) from error
