"""What members and judges write in the example community, sentence by sentence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from service.charter.reading import Entry

# What may stand in braces; writing.py fills it in.
SLOTS = (
    *("focus", "reading", "moment", "learners", "setting", "here"),
    *("colleague", "elsewhere", "few", "many"),
)

Sentences = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How an account of one kind of work begins, goes on, and shows its evidence."""

    opening: Sentences
    doing: Sentences
    evidence: Sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Sentences for evidence and for judges' comments.

    `groups` is by kind of activity, and `provision` for those who provided it. `overall` is by
    quality (strong, sound, thin, and withheld for a no to good work); `praise` and `wanting` are
    by criterion.
    """

    artefacts: Mapping[str, str]
    groups: Mapping[str, Group]
    provision: Group
    counter: Sentences
    limits: Sentences
    before: Sentences
    turn: Sentences
    source: Sentences
    next: Sentences
    thin_artefact: Sentences
    thin_addition: Sentences
    thin_reflection: Sentences
    revised: Sentences
    overall: Mapping[str, Sentences]
    praise: Mapping[str, str]
    wanting: Mapping[str, str]
    moderator_upheld: Sentences
    moderator_returned: Sentences
    audit_upheld: Sentences
    audit_overturned: str


def read_phrases(
    evidence: Entry, comments: Entry, *, kinds: Collection[str], criteria: Collection[str]
) -> Phrases:
    """The phrases in the mappings of evidence.yaml and comments.yaml.

    Raises Malformed unless every kind of activity and every criterion of the rubrics has its own.
    """
    named = evidence.entry("groups")
    groups = {key: _group(named.entry(key)) for key in named.keys}
    provision = groups.pop("provision", None)
    if provision is None:
        raise evidence.fault("groups", "The group 'provision' is missing.")
    by_kind = evidence.entry("kinds")
    artefacts, overall = evidence.entry("artefacts"), comments.entry("overall")
    thin, moderator, audit = evidence.entry("thin"), *map(comments.entry, ("moderator", "audit"))
    phrases = Phrases(
        artefacts={kind: artefacts.text(kind) for kind in kinds},
        groups={kind: groups[by_kind.chosen(kind, groups)] for kind in kinds},
        provision=provision,
        counter=_sentences(evidence, "counter"),
        limits=_sentences(evidence, "limits"),
        before=_sentences(evidence, "before"),
        turn=_sentences(evidence, "turn"),
        source=_sentences(evidence, "source"),
        next=_sentences(evidence, "next"),
        thin_artefact=_sentences(thin, "artefact"),
        thin_addition=_sentences(thin, "addition"),
        thin_reflection=_sentences(thin, "reflection"),
        revised=_sentences(evidence, "revised"),
        overall={key: overall.texts(key) for key in ("strong", "sound", "thin", "withheld")},
        praise=_by_criterion(comments.entry("praise"), criteria),
        wanting=_by_criterion(comments.entry("wanting"), criteria),
        moderator_upheld=moderator.texts("upheld"),
        moderator_returned=moderator.texts("returned"),
        audit_upheld=audit.texts("upheld"),
        audit_overturned=audit.text("overturned"),
    )
    for entry in (evidence, comments, by_kind, artefacts, overall, thin, moderator, audit):
        entry.done()
    return phrases


def _group(entry: Entry) -> Group:
    group = Group(
        opening=_sentences(entry, "opening"),
        doing=_sentences(entry, "doing"),
        evidence=_sentences(entry, "evidence"),
    )
    entry.done()
    return group


def _by_criterion(entry: Entry, criteria: Collection[str]) -> dict[str, str]:
    found = {criterion: entry.text(criterion) for criterion in sorted(criteria)}
    entry.done()
    return found


def _sentences(entry: Entry, key: str) -> Sentences:
    """Sentences in which only the known slots stand in braces."""
    sentences = entry.texts(key)
    for number, sentence in enumerate(sentences, start=1):
        try:
            sentence.format(**dict.fromkeys(SLOTS, ""))
        except (KeyError, IndexError, ValueError) as error:
            fault = "What stands in braces is not known."
            raise entry.fault(f"{key} {number}", fault) from error
    return sentences
