"""The answer in words: what a rule asks, what came of it, and why an award cannot be had yet.

Everything said is taken from values; nothing is decided here. Sentences are English; dates in them
are ISO 8601.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Final

from degree.rules.cuts import Cut
from degree.rules.exact import CreditUnit, amount_in, number_in
from degree.rules.explain import AwardAnswer, Proof
from degree.rules.laying_out import Finding
from degree.rules.rows import Counts, Problem, Row

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
    (r"^distinct\.validators\.max_share_each$", "No single judge behind too much"),
    (r"^distinct\.([^.]+)\.max_share_each$", r"Largest share of one of the \1"),
    (r"^distinct\.([^.]+)\.max_credits_each$", r"Most credit for one of the \1"),
    (r"^prerequisites\.(.+)-before-(.+)$", r"Order of \1 and \2"),
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
_WORD: Final = "attested:"
_NOUNS: Final = {
    "contexts": "contexts",
    "circles": "circles",
    "validators": "judges",
    "co_participants": "people who took part",
    "issuers": "issuers",
    "kinds": "kinds of badges",
}
_LISTED: Final = ("contexts", "kinds")


def spoken(name: str) -> str:
    """A name of the programme as people say it."""
    return name.replace("_", " ")


def title(rule: str) -> str:
    """What a rule is about, in a few words."""
    for pattern, heading in _TITLES:
        if found := re.search(pattern, rule):
            return _capital(spoken(found.expand(heading)))
    return _capital(spoken(rule.rpartition(".")[2]))


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
    dimension = re.fullmatch(r"distinct\.(\w+)", finding.rule)
    if dimension:
        said = f"{finding.counted} of {finding.bound} different {_NOUNS[dimension[1]]}"
        listed = dimension[1] in _LISTED and finding.labels
        return f"{said}: {listing(named.get(n, n) for n in finding.labels)}" if listed else said
    if finding.counts is Counts.OTHER:
        return _balance(finding, named)
    counted, bound = _amounts(finding, unit)
    if not finding.asks:
        return f"{counted} counted; at most {bound} may count"
    if finding.met:
        return f"{counted} of {bound}"
    short = finding.bound - finding.counted
    missing = number_in(unit, short) if finding.counts is Counts.CREDITS else str(short)
    return f"{counted} of {bound}; {missing} still needed"


def _amounts(finding: Finding, unit: CreditUnit) -> tuple[str, str]:
    if finding.counts is Counts.CREDITS:
        return number_in(unit, finding.counted), amount_in(unit, finding.bound)
    noun = "badge" if finding.bound == 1 else "badges"
    return str(finding.counted), f"{finding.bound} {noun}"


def _balance(finding: Finding, names: Mapping[str, str]) -> str:
    """A share, a mean, or a plain yes or no."""
    if re.search(r"mean(s\.[^.]+|_at_least)?$", finding.rule):
        said = f"the mean is {_mark(finding.measure)}" if finding.measure is not None else "no mark"
        return said + _held_to(finding, _mark)
    if finding.measure is not None:
        label = names.get(finding.label, finding.label)
        behind = f" ({label})" if label and not finding.met else ""
        whose = "the largest is" if "max_share" in finding.rule else "it is"
        said = f"{whose} {_percent(finding.measure)} of the credit{behind}"
        return said + _held_to(finding, _percent)
    return "it holds" if finding.met else "it does not hold"


def _held_to(finding: Finding, told: Callable[[Fraction], str]) -> str:
    if finding.least is not None:
        return f"; at least {told(finding.least)} is asked"
    return f"; at most {told(finding.most)} is allowed" if finding.most is not None else ""


def why_not(
    proof: Proof, problem: Problem, unit: CreditUnit = CreditUnit.UK, *, forgivable: int = 0
) -> tuple[str, ...]:
    """Why an award cannot be had: a sentence for each cut, or one for the cases or the years.

    `problem` is the question that the proof is about; credits are told in `unit`; `forgivable` is
    how many missed years may be forgiven.
    """
    if proof.years:
        years = listing([str(year) for year in proof.years])
        may_be = f"at most {forgivable} may be" if forgivable else "none can be"
        return (f"Too many registration years were missed: {years}; {may_be} forgiven.",)
    if proof.cuts:
        return tuple(_cut(cut, problem, unit) for cut in proof.cuts)
    names = listing(dict.fromkeys(small(title(path)) for path in proof.conflict))
    return (
        "However the badges are placed, these rules cannot all be kept: " + names + ". Every case "
        "was tried and closed.",
    )


def _cut(cut: Cut, problem: Problem, unit: CreditUnit) -> str:
    # In the order of the rules: a record keeps a cut's rows in that of the alphabet.
    used = [(row, cut.rows[row.name]) for row in problem.rows if row.name in cut.rows]
    assert len(used) == len(cut.rows)  # a cut is of the rows of its question
    asked = [row for row, _ in used if row.asks]
    limits = [row for row, _ in used if not row.asks]
    simple = all(times == 1 for _, times in used) and not any(
        row.counts is not Counts.CREDITS or row.choices for row, _ in used
    )
    if not simple:
        return _tangled(cut, [row for row, _ in used])
    who = listing(_subject(row) for row in asked)
    verb = "need" if len(asked) > 1 else "needs"
    whole = "in whole badges at least " if cut.whole else ""
    within = f", within {listing(limit(row, unit) for row in limits)}," if limits else ""
    sentence = (
        f"{who} {'together ' if len(asked) > 1 else ''}{verb} {whole}"
        f"{amount_in(unit, cut.needed)}; all that could count{within} comes to "
        f"{number_in(unit, cut.could_count)}"
    )
    if cut.whole:
        return _capital(f"{sentence}: another badge is needed.")
    return _capital(f"{sentence}: earn at least {number_in(unit, cut.short)} more.")


def _tangled(cut: Cut, rows: Iterable[Row]) -> str:
    each = list(rows)
    titles = list(dict.fromkeys(title(row.path) for row in each))
    if len(each) == 1 and each[0].counts is Counts.BADGES:
        return (
            f"{titles[0]}: {cut.needed} badges are needed, and at most {cut.could_count} can count."
        )
    if len(titles) == 1:
        return f"{titles[0]}: it cannot be kept with these badges."
    names = listing(map(small, titles))
    return f"These rules cannot be kept together with these badges: {names}."


def _subject(row: Row) -> str:
    if found := re.fullmatch(r"awards\.([^.]+)\.credits", row.path):
        return f"the {found[1]}, in all,"
    if found := re.fullmatch(r"awards\.([^.]+)\.min_at_level\.(\d+)", row.path):
        return f"the {found[1]}, at level {found[2]} or above,"
    return small(title(row.path))


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
    words = [each[len(_WORD) :] for each in reason.pending if each.startswith(_WORD)]
    badges = len(reason.pending) - len(words)
    if badges:
        noun = "badge" if badges == 1 else "badges"
        parts.append(f"{badges} {noun} whose status could not be checked")
    parts += [f"the word on {spoken(word)}, which nobody has given yet" for word in words]
    if reason.years:
        years = listing([str(year) for year in reason.years])
        noun = "year" if len(reason.years) == 1 else "years"
        parts.append(f"registration {noun} {years}, missed, which the board may forgive")
    return f"It hangs on {listing(parts)}."


def _mark(tenths: Fraction) -> str:
    return f"{float(tenths / 10):.1f}"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.1f} %".replace(".0 %", " %")


def listing(names: Iterable[str]) -> str:
    """Names as people list them: "a, b and c"."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The heading within a sentence; names in it keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
