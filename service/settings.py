"""What the operator decides, read once from the environment. Nothing else reads os.environ."""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from keys.files import create_private
from keys.sealing import MASTER_BYTES, Seal
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Conflict, Malformed

ROLES: Final = ("issuer", "verifier", "wallet", "degree")
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?")
_HIGHEST_PORT: Final = 65_535
_MOST_PROXIES: Final = 9
_GATEWAY: Final = re.compile(r"http://[A-Za-z0-9.-]+(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class HardwareToken:
    """Where a PKCS#11 token for signing keys is found, and what opens it."""

    library: Path
    label: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The decisions. `origin` is where browsers and other services find us, without a slash.

    `gateway` is the internal http address of the proxy before our other services, when some roles
    run elsewhere; so many `proxies` stand before us, each of which says in X-Forwarded-For whom it
    heard from; `secret_key` signs session and CSRF cookies. `unsafe_map` is never read from the
    environment: see service.unsafe.
    """

    home: Path
    origin: str = "http://localhost:8000"
    database_url: str = field(default="", repr=False)  # it may hold a password
    roles: frozenset[str] = frozenset(ROLES)
    gateway: str | None = None
    proxies: int = 0
    unsafe_map: Mapping[str, str] = field(default_factory=dict)
    master_secret: bytes | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    hardware_token: HardwareToken | None = None

    @property
    def authority(self) -> str:
        """The host, and the port when it is not the scheme's own."""
        return urlsplit(self.origin).netloc

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS."""
        return self.origin.startswith("https://")

    @property
    def keys_folder(self) -> Path:
        """Where the sealed signing keys lie."""
        return self.home / "keys"

    @property
    def installed_folder(self) -> Path:
        """Where contexts and schemas lie that the operator installed."""
        return self.home / "installed"

    @property
    def database(self) -> str:
        """The database's URL: SQLite in the home folder unless another is set."""
        return self.database_url or f"sqlite:///{self.home / 'learnometer.sqlite'}"

    def seal(self) -> Seal:
        """The seal under the master secret. Raises Malformed when none is set."""
        if self.master_secret is None:
            raise Malformed(
                "master-secret",
                "Set it to 32 random bytes in base64url, or name a file that holds them in "
                "LEARNOMETER_MASTER_SECRET_FILE.",
                place="LEARNOMETER_MASTER_SECRET",
            )
        return Seal(self.master_secret)

    def cookie_secret(self) -> str:
        """The secret that signs cookies; made and kept in the home folder when none is set."""
        path = self.home / "cookie.secret"
        return self.secret_key or _long_enough(_kept(path), str(path))


def from_environment(
    environ: Mapping[str, str] = os.environ, *, default_origin: str = "http://localhost:8000"
) -> Settings:
    """The settings in `environ`. Raises Malformed whose place is the variable at fault."""
    home = Path(environ.get("LEARNOMETER_HOME", "var"))
    return Settings(
        home=home,
        origin=_matching(environ, "LEARNOMETER_ORIGIN", _ORIGIN) or default_origin,
        database_url=environ.get("DATABASE_URL", ""),
        roles=roles_in(environ.get("LEARNOMETER_ROLES", ",".join(ROLES)), "LEARNOMETER_ROLES"),
        gateway=_matching(environ, "LEARNOMETER_GATEWAY", _GATEWAY),
        proxies=_proxies(environ, "LEARNOMETER_PROXIES"),
        master_secret=_master_secret(environ, home),
        secret_key=_secret_key(environ),
        hardware_token=_hardware_token(environ),
    )


def without_secrets(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a command that signs and keeps nothing: no secret is looked for.

    Raises Malformed whose place is the variable at fault.
    """
    return Settings(
        home=Path(environ.get("LEARNOMETER_HOME", "var")),
        origin=_matching(environ, "LEARNOMETER_ORIGIN", _ORIGIN) or "http://localhost:8000",
    )


def roles_in(text: str, place: str) -> frozenset[str]:
    """The roles that a comma-separated list names. Raises Malformed, with `place`."""
    named = frozenset(name.strip() for name in text.split(",") if name.strip())
    unknown = named - set(ROLES)
    if unknown or not named:
        known = ", ".join(ROLES)
        sentence = f"{', '.join(sorted(unknown)) or 'Nothing'} is not among the roles {known}."
        raise Malformed("roles", sentence, place=place)
    return named


def keep_master_secret(home: Path) -> bytes:
    """The master secret kept in `home`, made there when there is none.

    For demonstrations and for trying things out: in production it lives apart from the keys.
    """
    return _decoded_master(_kept(home / "master.secret"), str(home / "master.secret"))


def _kept(path: Path) -> str:
    if not path.is_file():
        # Another process of ours may have been faster, and both must use one secret.
        with contextlib.suppress(Conflict):
            create_private(path, base64url_encode(secrets.token_bytes(MASTER_BYTES)).encode())
    # Whatever is no ASCII makes a secret that is refused for its form, and is not shown.
    return path.read_text(encoding="ascii", errors="replace").strip()


def _master_secret(environ: Mapping[str, str], home: Path) -> bytes | None:
    if "LEARNOMETER_MASTER_SECRET" in environ:
        return _decoded_master(environ["LEARNOMETER_MASTER_SECRET"], "LEARNOMETER_MASTER_SECRET")
    named = environ.get("LEARNOMETER_MASTER_SECRET_FILE")
    path = Path(named) if named else home / "master.secret"
    if not named and not path.is_file():
        return None
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"The file {path} cannot be read."
        raise Malformed(
            "master-secret", sentence, place="LEARNOMETER_MASTER_SECRET_FILE"
        ) from error
    return _decoded_master(text, "LEARNOMETER_MASTER_SECRET_FILE")


def _decoded_master(text: str, place: str) -> bytes:
    try:
        master = base64url_decode(text.strip())
    except Malformed:
        master = b""
    if len(master) != MASTER_BYTES:
        # The refusal is raised here, outside the handler, so that no part of the value is shown.
        sentence = f"The master secret is {MASTER_BYTES} bytes in base64url without padding."
        raise Malformed("master-secret", sentence, place=place)
    return master


def _hardware_token(environ: Mapping[str, str]) -> HardwareToken | None:
    library = environ.get("LEARNOMETER_PKCS11_MODULE")
    if not library:
        return None
    place = "LEARNOMETER_PKCS11_TOKEN"
    label = environ.get(place, "")
    if not label:
        raise Malformed("token", "Name the token by its label.", place=place)
    file = environ.get("LEARNOMETER_PKCS11_PIN_FILE")
    pin = environ.get("LEARNOMETER_PKCS11_PIN", "")
    if file:
        try:
            pin = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            sentence = f"The file {file} cannot be read."
            raise Malformed("token", sentence, place="LEARNOMETER_PKCS11_PIN_FILE") from error
    if not pin:
        raise Malformed("token", "The token opens with a PIN.", place="LEARNOMETER_PKCS11_PIN")
    return HardwareToken(Path(library), label, pin)


def _proxies(environ: Mapping[str, str], place: str) -> int:
    number = environ.get(place, "0")
    if not re.fullmatch("[0-9]", number):
        sentence = f"It is the number of proxies before us, from 0 to {_MOST_PROXIES}."
        raise Malformed("proxies", sentence, place=place)
    return int(number)


def _secret_key(environ: Mapping[str, str]) -> str | None:
    secret = environ.get("LEARNOMETER_SECRET_KEY")
    return None if secret is None else _long_enough(secret, "LEARNOMETER_SECRET_KEY")


def _long_enough(secret: str, place: str) -> str:
    if len(secret) < 32:
        sentence = "The secret that signs cookies has at least 32 characters."
        raise Malformed("secret-key", sentence, place=place)
    return secret


def _matching(environ: Mapping[str, str], name: str, form: re.Pattern[str]) -> str | None:
    value = environ.get(name)
    if value is None:
        return None
    port = value.rpartition(":")[2]
    if not form.fullmatch(value) or (port.isdigit() and not 0 < int(port) <= _HIGHEST_PORT):
        sentence = f"{value[:80]!r} is not an address like http://localhost:8000, without a path."
        raise Malformed("address", sentence, place=name)
    return value
