"""What each check is called where people read of it: the same word on every page and paper."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - gettext's name for a text that is translated where it is shown
    """`text`, marked for translators."""
    return text


_NAMES: Final[Mapping[str, str]] = {
    "structure": N_("Form"),
    "issuer": N_("Issuer's key"),
    "key": N_("Permission"),
    "signature": N_("Signature"),
    "key-history": N_("Key's history"),
    "claims": N_("Token"),
    "dates": N_("Dates"),
    "status": N_("Status"),
    "schema": N_("Schema"),
    "results": N_("Results"),
    "resources": N_("Documents"),
    "endorsements": N_("Judges"),
    "endorsements-within": N_("Endorsements"),
    "recount": N_("Votes"),
    "credentials": N_("Badges in it"),
    "refresh": N_("Newest copy"),
    "recipient": N_("Recipient"),
    "request": N_("Request"),
    "holder": N_("Holder"),
    "registry": N_("Registry"),
    "effort": N_("Work"),
}


def step_name(name: str) -> str:
    """What people call the step of this name; a name that is not known here stands for itself."""
    return _NAMES.get(name, name)
