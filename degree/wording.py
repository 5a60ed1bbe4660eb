"""Days, keys and amounts as people read them, on pages and on paper."""

import re
from datetime import date
from typing import Final

from degree.rules.exact import credits_text, ects_text

_DAY: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_KEY: Final = re.compile(r"did:key:(z\w{6})\w+(\w{4})\b")


def day(moment: date) -> str:
    """A day: "1 September 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def both_units(tenths: int) -> str:
    """Tenths of UK credits in both units, exactly: "25 UK credits (12.5 ECTS)"."""
    return f"{credits_text(tenths)} UK credits ({ects_text(tenths)} ECTS)"


def in_words(text: str) -> str:
    """A sentence of the engine with its dates and keys as people read them."""
    text = _DAY.sub(lambda found: day(date(*(int(part) for part in found.groups()))), text)
    text = _KEY.sub(r"key \1…\2", text)
    return text[:1].upper() + text[1:]
