"""The home page, and the menu that all pages share."""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, g, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from accounts.guard import allow
from vc.step_names import step_name

_STATIC: Final = Path(__file__).parent / "static"
_SHARED: Final = "/wallet/share/"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the site, at the same path whichever process serves it."""

    path: str
    title: str

    @property
    def is_here(self) -> bool:
        """Whether the page being shown lies in this section; a share page lies in none."""
        return request.path.startswith(self.path) and not request.path.startswith(_SHARED)


SECTIONS: Final = (
    Section("/issuer/", _("Badges")),
    Section("/wallet/", _("My wallet")),
    Section("/degree/", _("Degree")),
    Section("/verifier/", _("Verify")),
)

home = Blueprint("home", __name__)


@cache
def asset(name: str) -> str:
    """The address of a static file, with its digest: a new version is never taken from a cache."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def script(name: str) -> Markup:
    """The tag of a script of ours, at its first place in a page.

    Only this page may run it: the content policy (service/headers.py) knows the number in the tag.
    """
    if "script_nonce" in g:
        return Markup("")
    g.script_nonce = secrets.token_urlsafe(16)
    tag = Markup('<script type="module" src="{}" nonce="{}"></script>')
    return tag.format(asset(name), g.script_nonce)


@home.get("/")
@allow("anyone")
def index() -> str:
    """The front door."""
    return render_template("home.html")


def translated_step_name(name: str) -> str:
    """What the reader's language calls a step of a verification; nothing for one without a name."""
    return str(gettext(step_name(name))) if name else ""
