"""The answer in words: what a rule asks, and what came of it.

Everything said is taken from values; nothing is decided here. Sentences are English; dates in them
are ISO 8601.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Final

from degree.rules.exact import CreditUnit, amount_in, number_in
from degree.rules.explain import ATTESTED, AwardAnswer
from degree.rules.laying_out import Finding
from degree.rules.programme import Dimension
from degree.rules.registration import RegistrationYear
from degree.rules.requirements import AllOf, Attested, Choose, Filled, Held, Needed
from degree.rules.rows import Counts, Row
from degree.rules.saying_dimensions import NOUNS

# A rule's path as a heading; what stands last in it says what it is about.
_TITLES: Final = (
    (r"^awards\.[^.]+\.credits$", "All credits"),
    (r"^awards\.[^.]+\.min_at_level\.(\d+)$", r"Credits at level \1 or above"),
    (r"^awards\.[^.]+\.max_below_level\.(\d+)$", r"Credits at level \1 or below"),
    (r"^awards\.[^.]+\.rpl_cap$", "Prior learning"),
    (r"^awards\.[^.]+\.reuse_cap$", "Badges that another award counts"),
    (r"^awards\.[^.]+\.max_registration_years$", "Time of registration"),
    (r"^awards\.[^.]+\.buckets$", "What fits the award"),
    (r"^awards\.[^.]+\.buckets\.([^.]+)$", r"\1"),
    (r"^awards\.[^.]+\.buckets\.([^.]+)\.max_badges$", r"Number of badges in \1"),
    (r"^awards\.[^.]+\.buckets\.([^.]+)\.min_badges$", r"Number of badges in \1"),
    (r"^awards\.[^.]+\.buckets\.([^.]+)\.max_credits$", r"Most credit in \1"),
    (r"^awards\.[^.]+\.buckets\.([^.]+)\.max_below_level\.(\d+)$", r"Level \2 or below in \1"),
    (r"^awards\.[^.]+\.buckets\.([^.]+)\.at_(?:least|most)\.([^.]+)$", r"\2 in \1"),
    (r"^awards\.[^.]+\.at_(?:least|most)\.([^.]+)$", r"\1"),
    (r"^awards\.[^.]+\.requires", "What must be filled"),
    (r"^distinct\.contexts$", "Different contexts"),
    (r"^distinct\.circles$", "Different circles"),
    (r"^distinct\.validators$", "Different judges"),
    (r"^distinct\.co_participants$", "Different people who took part"),
    (r"^distinct\.issuers$", "Different issuers"),
    (r"^distinct\.kinds$", "Different kinds of badges"),
    (r"^distinct\.validators\.max_share_each$", "Credit that one judge endorsed"),
    (r"^distinct\.([^.]+)\.max_share_each$", r"Largest share of one of the \1"),
    (r"^distinct\.([^.]+)\.max_credits_each$", r"Most credit for one of the \1"),
    (r"^prerequisites\.(.+)-before-(.+)$", r"\1 before \2"),
    (r"^prerequisites\.(.+)-needs-(.+)$", r"What \1 builds on"),
    (r"^exclusions\.", "Badges that exclude each other"),
    (r"^sharing\.", "Badges that count twice"),
    (r"^condonement\.mean_at_least$", "Mean with condoned badges"),
    (r"^condonement\.", "Condoned badges"),
    (r"^classification\.([^.]+)\.(?:.*\.)?mean$", r"Mean for \1"),
    (r"^classification\.([^.]+)\.(?:.*\.)?bucket_means\.([^.]+)$", r"Mean in \2 for \1"),
    (
        r"^classification\.([^.]+)\..*(?:credits|share)_at\.([\d.]+)$",
        r"Marks from \2 for \1",
    ),
    (r"^classification\.([^.]+)\.first_attempts$", r"First attempts for \1"),
    (r"^classification\.([^.]+)\.graded$", r"Credit with a mark for \1"),
    (r"^classification\.([^.]+)\..*graded\.([^.]+)$", r"Any mark in \2 for \1"),
    (r"^classification\.([^.]+)\.uncondoned$", r"Nothing condoned for \1"),
    (r"^classification\.([^.]+)\.", r"Marks for \1"),
    (r"^evidence_gate\.issuer_in$", "Issuers that are trusted"),
    (r"^evidence_gate\.status$", "Status of each badge"),
    (r"^evidence_gate\.endorsements$", "Judges of each badge"),
    (r"^evidence_gate\.currency_years\.", "Age of each badge"),
    (r"^evidence_gate\.not_already_used_in_award$", "Badges that another award counts"),
    (r"^obligations", "Activities in each year"),
)
# To what a limit holds, where it is no title.
_LIMITED: Final = (
    (r"\.buckets\.([^.]+)\.max_(?:badges|credits)$", r"in \1"),
    (r"\.buckets\.([^.]+)\.max_below_level\.(\d+)$", r"at level \2 or below in \1"),
    (r"\.max_below_level\.(\d+)$", r"at level \1 or below"),
)
_HALF: Final = 5  # tenths of a mark
_LISTED: Final = (Dimension.CONTEXTS, Dimension.KINDS)


def spoken(name: str) -> str:
    """A name of the programme as people say it."""
    return name.replace("_", " ")


def title(rule: str) -> str:
    """What a rule is about, in a few words."""
    for pattern, heading in _TITLES:
        if found := re.search(pattern, rule):
            return capital(spoken(found.expand(heading)))
    return capital(spoken(rule.rpartition(".")[2]))


def heading(finding: Finding) -> str:
    """What a finding is about: its rule, or what an award requires beside its buckets."""
    node = finding.node
    if isinstance(node, Choose) and len(node.children) > 1:
        number = "One" if node.at_least == 1 else str(node.at_least)
        return f"{number} of {len(node.children)} alternatives"
    if finding.claim:
        return finding.claim.rstrip(".")
    return capital(told(node)) if node else title(finding.rule)


def told(node: Needed) -> str:
    """What is required, within a sentence."""
    match node:
        case Held():
            return f"a badge with the code {node.code}"
        case Filled():
            return spoken(node.bucket)
        case Attested():
            return f"a yes on {spoken(node.name)}"
        case AllOf():
            return listing(map(_shortly, node.children))
        case Choose():
            return "; or ".join(map(_shortly, node.children))


def _shortly(node: Needed) -> str:
    if isinstance(node, Held):
        return node.code
    return told(node)


def says(
    finding: Finding,
    unit: CreditUnit = CreditUnit.UK,
    *,
    names: Mapping[str, str] | None = None,
) -> str:
    """What came of one rule, with its numbers; credits are told in `unit`.

    `names` are of labels, for those that have one: contexts and kinds are listed; judges, circles
    and the like have no name that people know.
    """
    named = names or {}
    if isinstance(finding.node, Attested):
        return _word(finding)
    if isinstance(finding.node, Choose):
        one = finding.node.at_least == 1
        met, not_met = ("one is", "none is") if one else ("enough are", "not enough are")
        return f"{met if finding.met else not_met} complete: {told(finding.node)}"
    if variety := re.fullmatch(r"distinct\.(\w+)", finding.rule):
        dimension = Dimension(variety[1])
        _, several = NOUNS[dimension]
        more = finding.counted > finding.bound
        said = f"{finding.counted} {'' if more else f'of {finding.bound} '}different {several}"
        if dimension in _LISTED and finding.labels:
            said += f": {listing(named.get(n, n) for n in finding.labels)}"
        return f"{said}; it asks for at least {finding.bound}" if more else said
    if finding.counts is Counts.OTHER:
        return _balance(finding, named)
    if apart := _apart(finding, unit):
        return apart
    counted, bound = _amounts(finding, unit)
    if not finding.asks:
        return f"{counted} counted; at most {bound} may count"
    if finding.met and finding.counted < finding.bound:
        return f"{counted} of {bound}; asked only where it is chosen"
    if finding.counted > finding.bound:
        return f"{counted} counted; it asks for at least {bound}"
    if finding.met:
        return f"{counted} of {bound}"
    short = finding.bound - finding.counted
    missing = number_in(unit, short) if finding.counts is Counts.CREDITS else str(short)
    return f"{counted} of {bound}; {missing} still needed"


def _word(finding: Finding) -> str:
    if finding.word is None or finding.is_open:
        return "nobody has said so yet"
    by, on = finding.word.by or "somebody", finding.word.on
    return f"{by} said {'so' if finding.met else 'no'}{f' on {on}' if on else ''}"


def _apart(finding: Finding, unit: CreditUnit) -> str:
    """What is no amount held to another, or "": an order, none at all, any at all."""
    counted = finding.counted
    if finding.rule.startswith("prerequisites."):
        return "it holds" if finding.met else "it does not hold"
    if finding.rule.endswith(".first_attempts"):
        return f"{counted or 'none'} of the badges took more than one attempt"
    if finding.rule.endswith(".uncondoned"):
        verb = "are" if counted > 1 else "is"
        return f"{counted or 'none'} of the badges {verb} below the pass mark"
    if finding.counts is not Counts.CREDITS or not finding.asks:
        return ""
    if finding.rule.endswith(".graded") and finding.bound == 1:  # a tenth: any at all
        return amount_in(unit, counted)
    return "" if finding.bound > 0 else f"{amount_in(unit, counted)}; none is asked"


def _amounts(finding: Finding, unit: CreditUnit) -> tuple[str, str]:
    if finding.counts is Counts.CREDITS:
        return number_in(unit, finding.counted), amount_in(unit, finding.bound)
    noun = "badge" if finding.bound == 1 else "badges"
    return str(finding.counted), f"{finding.bound} {noun}"


def _balance(finding: Finding, names: Mapping[str, str]) -> str:
    """A share, a mean, or a plain yes or no."""
    if re.search(r"mean(s\.[^.]+|_at_least)?$", finding.rule):
        return _mean(finding)
    if finding.measure is not None:
        label = names.get(finding.label, finding.label)
        behind = f" ({label})" if label and not finding.met else ""
        whose = "the largest is" if "max_share" in finding.rule else "it is"
        near = finding.least if finding.most is None else finding.most
        told = percent(finding.measure)
        if near is not None and told == percent(near) and finding.measure != near:
            told = f"a little {'more' if finding.measure > near else 'less'} than {told}"
        said = f"{whose} {told} of the credit{behind}"
        return said + _held_to(finding, percent)
    return "it holds" if finding.met else "it does not hold"


def _mean(finding: Finding) -> str:
    if finding.measure is None:
        return "no mark" + _held_to(finding, _mark)
    said = f"the mean is {_mark(finding.measure)}"
    if not finding.rounded or finding.least is None or finding.least % 10 != _HALF:
        return said + _held_to(finding, _mark)
    rounded, asked = (each + _HALF for each in (finding.measure, finding.least))
    return f"{said}, rounded {rounded // 10}; at least {_mark(asked).removesuffix('.0')} is asked"


def _held_to(finding: Finding, told: Callable[[Fraction], str]) -> str:
    if finding.least is not None:
        return f"; at least {told(finding.least)} is asked"
    return f"; at most {told(finding.most)} is allowed" if finding.most is not None else ""


def limit(row: Row, unit: CreditUnit) -> str:
    """What a limit allows: "at most 30 credits for prior learning"."""
    if row.counts is Counts.CREDITS:
        amount = amount_in(unit, row.bound)
    else:
        amount = f"{row.bound} {'badge' if row.bound == 1 else 'badges'}"
    for pattern, of in _LIMITED:
        if found := re.search(pattern, row.path):
            return f"at most {amount} {spoken(found.expand(of))}"
    return f"at most {amount} for {small(title(row.path))}"


def because(answer: AwardAnswer) -> str:
    """Why an award is before the board."""
    reason = answer.because
    assert reason is not None  # asked for undecided answers only
    if reason.search:
        return (
            "The search for a placing of whole badges reached its limit: it is neither found nor "
            "excluded that the badges earn it."
        )
    parts = []
    words = [each.removeprefix(ATTESTED) for each in reason.pending if each.startswith(ATTESTED)]
    badges = len(reason.pending) - len(words)
    if badges:
        noun = "badge" if badges == 1 else "badges"
        parts.append(f"{badges} {noun} whose status could not be checked")
    parts += [f"the word on {spoken(word)}, which nobody has given yet" for word in words]
    if reason.years:
        years = listing([str(year) for year in reason.years])
        noun = "year" if len(reason.years) == 1 else "years"
        parts.append(f"registration {noun} {years}, missed, which the board may forgive")
    return f"It hangs on {listing(parts)}. All else is kept."


def _mark(tenths: Fraction) -> str:
    """With no more than two digits, cut off: what is rounded up could seem to be enough."""
    whole, hundredths = divmod(tenths * 10 // 1, 100)
    return f"{whole}.{hundredths // 10}" + (f"{hundredths % 10}" if hundredths % 10 else "")


def paused(year: RegistrationYear) -> str:
    """Why a registration year is longer than others."""
    if not year.paused:
        return ""
    return f", longer by {year.paused} {'day' if year.paused == 1 else 'days'} of interruption"


def none_on(pathway: str) -> str:
    """Why a decision answers for no award at all: each is on another pathway than the holder's."""
    return f"No award of this programme is on the pathway “{pathway}”."


def percent(share: Fraction) -> str:
    """A share as people write it: "34 %", "33.3 %"."""
    return f"{float(share * 100):.1f} %".replace(".0 %", " %")


def listing(names: Iterable[str]) -> str:
    """Names as people list them: "a, b and c"."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def capital(text: str) -> str:
    """As the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The heading within a sentence; names in it keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
