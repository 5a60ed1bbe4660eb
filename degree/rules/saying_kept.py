"""The rules that nothing here could break, in one sentence."""

from collections.abc import Iterable
from typing import Final

from degree.rules.laying_out import Finding
from degree.rules.saying import listing, says, small, title

ALSO_KEPT: Final = "Also kept"  # the heading of that sentence
_MOST_NAMED: Final = 8


def told_together(kept: Iterable[Finding]) -> str:
    """What they are about, each once: "credit that one judge endorsed (…) and time of
    registration (6 years)". Shares say how much came out; "" for none."""
    names = list(dict.fromkeys(map(_named, kept)))
    left = len(names) - _MOST_NAMED
    if left > 1:
        names = [*names[:_MOST_NAMED], f"{left} more"]
    return listing(names)


def _named(finding: Finding) -> str:
    name = small(title(finding.rule))
    if finding.measure is not None:
        return f"{name} ({says(finding)})"
    if finding.rule.endswith(".max_registration_years"):
        return f"{name} ({finding.bound} {'year' if finding.bound == 1 else 'years'})"
    return name
