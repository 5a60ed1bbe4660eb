"""Why the program cannot go on, in one sentence for whoever started it."""

from typing import Final

from service.database import OUT_OF_SERVICE
from vc.errors import Refused

# What input and surroundings can be at fault for; everything else is a mistake of ours.
FAULTS: Final = (Refused, OSError, *OUT_OF_SERVICE)


def sentence(fault: BaseException) -> str:
    """What is wrong, and where, without anything secret."""
    if isinstance(fault, Refused):
        return str(fault)
    if isinstance(fault, OSError):
        place = f"{fault.filename}: " if fault.filename else ""
        return f"{place}{fault.strerror or fault}."
    return "The database does not answer."
