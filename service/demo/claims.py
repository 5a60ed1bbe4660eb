"""What the table of the story claims, held against what was found afterwards."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from issuer.peers.decision import LevelOutcome, PanelOutcome
from issuer.peers.panel import commitment, draw_seed
from issuer.reading.activities import ActivityView
from issuer.states import ContributionState
from service.demo.acts import judging
from service.demo.chronicle import Chronicle
from service.demo.reading_back import VALID, Found, Shown
from service.founding import UNIVERSITY_TENANT

_MEMBERSHIP = "Membership"
_OK = 200
_ELSEWHERE = 303  # the degree page leads on to the latest audit
_VALID_VERDICT = 'class="verdict is-valid"'
_INVALID_VERDICT = 'class="verdict is-invalid"'
_TWO = 2  # people who approve a decision
_MOST_SHOWN = 3  # of the findings against one claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence, and what was found against it; nothing when it holds."""

    sentence: str
    against: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it is true."""
        return not self.against


def check(chronicle: Chronicle, found: Found) -> tuple[Claim, ...]:
    """Every claim of the table."""
    checks = (
        _activities,
        _contributions,
        _lotteries,
        _wallets,
        _badges,
        _judges,
        _withdrawn,
        _shares,
        _audits,
        _decisions,
        _conferrals,
        _visits,
    )
    return tuple(each(chronicle, found) for each in checks)


def _claim(sentence: str, against: Iterable[str]) -> Claim:
    return Claim(sentence=sentence, against=tuple(against)[:_MOST_SHOWN])


def _differences(what: str, told: object, read: object) -> list[str]:
    return [] if told == read else [f"{what}: the story says {told}, the pages say {read}"]


def _activities(chronicle: Chronicle, found: Found) -> Claim:
    """The ballots on the level, as the activities' pages show them."""
    outcomes = Counter(chronicle.levels.values())
    against = []
    for name, outcome in chronicle.levels.items():
        result = found.activities[name].entry.result
        against += _differences(name, outcome, None if result is None else result.outcome)
    return _claim(
        f"{len(chronicle.activities)} activities: {outcomes[LevelOutcome.AT_LEVEL]} judged at the "
        f"level, {len(chronicle.levels) - outcomes[LevelOutcome.AT_LEVEL]} below it",
        against,
    )


def _contributions(chronicle: Chronicle, found: Found) -> Claim:
    """What was handed in, and what became of it, as the activities' pages show it."""
    counts = chronicle.counts
    states = Counter(
        entry.state for view in found.activities.values() for entry in view.contributions
    )
    told = {
        ContributionState.AWARDED: len(chronicle.badges),
        ContributionState.LAPSED: counts[judging.LAPSED] + counts[judging.UNSEATED],
        ContributionState.NOT_ACCEPTED: counts[PanelOutcome.NOT_ACCEPTED],
    }
    against = _differences("handed in", counts["handed in"], states.total())
    for state, number in told.items():
        against += _differences(state, number, states[state])
    return _claim(
        f"{counts['handed in']} contributions: {len(chronicle.badges)} passed; "
        f"{counts[PanelOutcome.REVISE]} sent back, of which {counts['handed in again']} came "
        f"again; {counts[judging.LAPSED]} lapsed, {counts[judging.UNSEATED]} without a panel",
        against,
    )


def _lotteries(chronicle: Chronicle, found: Found) -> Claim:
    """Once an activity is finished, its nonce is public, and every seed can be worked out again."""
    finished = {name: view for name, view in found.activities.items() if view.nonce}
    against = _differences("finished", chronicle.counts["finished"], len(finished))
    for name, view in finished.items():
        if not _can_be_replayed(view):
            against.append(f"{name}: the seeds of its panels do not follow from the nonce")
    draws = sum(len(view.draws) for view in finished.values())
    return _claim(f"{draws} lotteries of {len(finished)} finished activities replayed", against)


def _can_be_replayed(view: ActivityView) -> bool:
    nonce = bytes.fromhex(view.nonce or "")
    return commitment(nonce) == view.commitment and all(
        draw_seed(nonce, contribution=draw.contribution, evidence=draw.evidence) == draw.seed
        for draw in view.draws
    )


def _wallets(chronicle: Chronicle, found: Found) -> Claim:
    """Every wallet holds what was awarded to its member, the membership card, and no more."""
    owed: dict[str, set[str]] = {handle: set() for handle in chronicle.people}
    for signed in chronicle.badges.values():
        owed[signed.holder].add(signed.url)
    for conferral in chronicle.conferrals:
        owed[conferral.holder].update(conferral.urls)
    against = []
    for handle, urls in owed.items():
        kept = [shown for shown in found.wallets[handle] if shown.type != _MEMBERSHIP]
        against += _differences(handle, len(urls), len(kept))
        if {shown.url for shown in kept} != urls or len(found.wallets[handle]) != len(kept) + 1:
            against.append(f"{handle} holds other badges than were awarded, or no membership card")
    return _claim(f"{len(chronicle.people)} wallets hold {len(chronicle.badges)} badges", against)


def _badges(chronicle: Chronicle, found: Found) -> Claim:
    """The verifier finds every credential in every wallet valid, but those that were withdrawn."""
    withdrawn = {*chronicle.revoked, *chronicle.suspended}
    sound = [shown for shown in _all(found) if shown.url not in withdrawn]
    return _claim(
        f"{len(sound)} credentials verified: genuine, in force, from a known issuer",
        (
            f"{shown.url}: {shown.standing}"
            for shown in sound
            if shown.standing != VALID or not shown.issuer_is_known
        ),
    )


def _judges(chronicle: Chronicle, found: Found) -> Claim:
    """Every judge's yes is in the badge, as an endorsement that the verifier has checked."""
    told = {signed.url: signed.judges for signed in chronicle.badges.values()}
    read = {shown.url: shown.judges for shown in _all(found) if shown.url in told}
    against = [url for url, judges in told.items() if read.get(url) != judges]
    return _claim(f"{sum(told.values())} endorsements signed by judges", against)


def _withdrawn(chronicle: Chronicle, found: Found) -> Claim:
    """The verifier says of each withdrawn badge that it is, and how."""
    told = dict.fromkeys(chronicle.suspended, "suspended") | dict.fromkeys(
        chronicle.revoked, "revoked"
    )
    read = {shown.url: shown.standing for shown in _all(found)}
    against = [f"{url}: {read.get(url)}" for url, code in told.items() if read.get(url) != code]
    return _claim(
        f"{len(chronicle.revoked)} badges revoked and {len(chronicle.suspended)} suspended, "
        "and the verifier says so",
        against,
    )


def _shares(chronicle: Chronicle, found: Found) -> Claim:
    """Each share page opens for anyone, with a verdict on each badge."""
    withdrawn = {*chronicle.revoked, *chronicle.suspended}
    against = []
    for share in chronicle.shares:
        page = found.shares[share.path]
        bad = len(withdrawn.intersection(share.urls))
        told = (_OK, len(share.urls) - bad, bad)
        read = (page.status, page.text.count(_VALID_VERDICT), page.text.count(_INVALID_VERDICT))
        against += _differences(f"shared with {share.reader}", told, read)
    return _claim(f"{len(chronicle.shares)} share links show their verdicts", against)


def _audits(chronicle: Chronicle, found: Found) -> Claim:
    """The registry has an audit of every member, with the award that it found."""
    awards = Counter(award for award in chronicle.awards.values() if award)
    against = _differences("members audited", len(chronicle.people), len(found.awards))
    for handle, award in chronicle.awards.items():
        against += _differences(handle, award, found.awards.get(handle))
    listed = ", ".join(f"{number} {award}" for award, number in awards.items()) or "no award"
    return _claim(f"{len(chronicle.awards)} members audited for the degree: {listed}", against)


def _decisions(chronicle: Chronicle, found: Found) -> Claim:
    """Whoever has the checker, and nothing else of this program, accepts every decision."""
    against = _differences("decisions", set(chronicle.awards), set(found.objections))
    against += [f"{handle}: {said}" for handle, said in found.objections.items() if said]
    accepted = len(found.objections)
    return _claim(f"{accepted} degree decisions accepted by the stand-alone checker", against)


def _conferrals(chronicle: Chronicle, found: Found) -> Claim:
    """What the university signed lies in the wallet of whoever it is about, and verifies."""
    against = []
    for conferral in chronicle.conferrals:
        for url in conferral.urls:
            held = [one for one in found.wallets[conferral.holder] if one.url == url]
            if [one.standing for one in held] != [VALID] or not held[0].issuer.endswith(
                UNIVERSITY_TENANT
            ):
                against.append(f"{url} is not in the wallet, or does not verify")
        if len(found.approvers[conferral.audit]) != _TWO:
            against.append(f"the decision of {conferral.holder} is not approved by two people")
    signed = [
        f"{each.award} of {each.holder} with its transcript, approved by "
        f"{' and '.join(found.approvers[each.audit])}"
        for each in chronicle.conferrals
    ]
    names = ", ".join(signed) or "nothing"
    return _claim(f"The university signed: {names}", against)


def _visits(chronicle: Chronicle, found: Found) -> Claim:
    """The addresses and sign-ins below work."""
    del chronicle
    against = [
        f"{visit.path}: HTTP status {status}"
        for visit, status in found.visits.items()
        if status not in (_OK, _ELSEWHERE)
    ]
    return _claim(f"{len(found.visits)} addresses to try open", against)


def _all(found: Found) -> list[Shown]:
    return [shown for wallet in found.wallets.values() for shown in wallet]
