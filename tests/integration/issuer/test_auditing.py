"""The audit of decisions: a secret sample, findings with reasons, and what follows from them."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from village import NOW, Village
from village_site import reader

from issuer.box import panel_poll
from issuer.peers.audit import AuditOutcome
from issuer.tables.audits import AuditedRow
from issuer.tables.credentials import AwardRow
from issuer.tables.judging import ContributionRow, DecisionRow
from vc.errors import Conflict, Forbidden, Malformed, Missing
from vc.verify import verify

BEGINS = date(2026, 7, 1)
AUDITS = "/issuer/desk/audits"


def awarded(village: Village, author: str, at: datetime = NOW - timedelta(days=90)) -> str:
    """A contribution whose badge was awarded in the third quarter."""
    contribution = village.handed_in(village.found_at_level(), author)
    village.judged(contribution)
    village.awarding.award(contribution_id=contribution, now=at)
    return contribution


def drawn(village: Village, begins: date = BEGINS, now: datetime = NOW) -> str:
    return village.office.auditing.draw(circle_id="north", begins=begins, now=now)


def find(
    village: Village, audit: str, contribution: str, outcome: AuditOutcome, by: str = "mod"
) -> None:
    village.office.auditing.decide(
        audit_id=audit,
        contribution_id=contribution,
        moderator_id=by,
        outcome=outcome,
        reason="I read it twice.",
        now=NOW,
    )


def audited(village: Village, audit: str) -> dict[str, AuditedRow]:
    with village.store.ledger() as ledger:
        return {row.contribution_id: row for row in ledger.audited(audit)}


def test_moderator_audits_the_sample_and_the_report_prints_the_bound(
    app: Flask, village: Village
) -> None:
    awarded(village, "north1")
    moderator, admin = reader(app, "mod"), reader(app, "admin")
    assert f'href="{AUDITS}"' in admin.text("/issuer/desk")
    assert "30 September 2026 · 1 badge" in moderator.text(AUDITS)
    fields = {"circle": "north", "begins": "2026-07-01"}
    assert moderator.submit(AUDITS, AUDITS, **fields).status_code == 303
    assert moderator.submit("/account/password", AUDITS, **fields).status_code == 409
    with village.store.ledger() as ledger:
        (audit,) = ledger.audits("north")
    (contribution,) = audited(village, audit.id)
    page = f"{AUDITS}/{audit.id}/{contribution}"
    assert page in moderator.text(AUDITS)
    assert page not in admin.text(AUDITS)
    text = moderator.text(page)
    assert "I changed one question each week" in text
    assert "North1" not in text
    assert "yes" not in text.partition("<main")[2]
    assert moderator.submit(page, page, outcome="upheld", reason=" ").status_code == 400
    assert moderator.submit(page, page, outcome="perhaps", reason="x").status_code == 400
    reason = "The argument rests on what was observed."
    assert moderator.submit(page, page, outcome="upheld", reason=reason).status_code == 303
    assert moderator.get(page).status_code == 404
    assert "0 of 1 overturned: at most 95.0 % bad, with 95 % confidence" in admin.text(AUDITS)


def test_moderator_reads_the_files_of_a_badge_only_while_it_is_under_audit(
    app: Flask, village: Village
) -> None:
    contribution = awarded(village, "north1")
    file = f"/issuer/contributions/{contribution}/evidence/{village.evidence('north1')[0].digest}"
    moderator = reader(app, "mod")
    assert moderator.get(file).status_code == 403
    audit = drawn(village)
    assert moderator.get(file).status_code == 200
    find(village, audit, contribution, AuditOutcome.UPHELD)
    assert moderator.get(file).status_code == 403


def test_overturned_badge_is_revoked_with_the_reason(village: Village) -> None:
    contribution = awarded(village, "north1")
    audit = drawn(village)
    find(village, audit, contribution, AuditOutcome.OVERTURNED)
    with village.store.ledger() as ledger:
        credential = ledger.get(AwardRow, contribution).credential_id
        entry = ledger.status_entry(credential, "revocation")
        assert (entry.raised, entry.reason) == (True, "I read it twice.")
    report = verify(village.awarding.signed(credential, now=NOW), now=NOW, fetcher=village)
    status = report.step("status")
    assert status is not None
    assert "revoked" in status.sentence
    with pytest.raises(Conflict):
        find(village, audit, contribution, AuditOutcome.UPHELD)


def test_badge_that_was_revoked_meanwhile_can_still_be_overturned(village: Village) -> None:
    contribution = awarded(village, "north1")
    audit = drawn(village)
    with village.store.ledger() as ledger:
        credential = ledger.get(AwardRow, contribution).credential_id
    village.awarding.revoke(credential, reason="At the member's wish.", now=NOW)
    find(village, audit, contribution, AuditOutcome.OVERTURNED)
    with village.store.ledger() as ledger:
        assert ledger.status_entry(credential, "revocation").reason == "At the member's wish."


def test_everything_by_the_same_judges_is_audited_and_awards_wait(village: Village) -> None:
    first = awarded(village, "north1")
    later = awarded(village, "north2", at=NOW)
    with village.store.ledger() as ledger:
        seats = [ledger.seats(panel_poll(one, 0)) for one in (first, later)]
    assert {s.judge_id for s in seats[0]} & {s.judge_id for s in seats[1]}
    audit = drawn(village)
    find(village, audit, first, AuditOutcome.OVERTURNED)
    rows = audited(village, audit)
    assert (set(rows), rows[later].sampled) == ({first, later}, False)
    degree = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "id": "urn:uuid:5d1a1d3e-0000-4000-8000-000000000001",
        "issuer": village.signers["university"].verification_method.partition("#")[0],
        "credentialSubject": {"id": village.wallets["north3"].did},
    }
    with pytest.raises(Forbidden, match="wait for the audit"):
        village.awarding.issue("university", degree, now=NOW)
    find(village, audit, later, AuditOutcome.UPHELD)
    assert village.awarding.issue("university", degree, now=NOW)["id"] == degree["id"]


def test_overturned_badge_doubles_the_next_sample(village: Village) -> None:
    """Of twenty badges sixteen are sampled; after an overturned one, all."""
    contribution = awarded(village, "north1")
    later = NOW - timedelta(days=180)
    audit = drawn(village)
    find(village, audit, contribution, AuditOutcome.OVERTURNED)
    for number in range(20):
        copied(village, contribution, number, at=later)
    assert len(audited(village, drawn(village, date(2026, 4, 1)))) == 20


def test_next_sample_is_not_doubled_after_a_clean_audit(village: Village) -> None:
    contribution = awarded(village, "north1")
    find(village, drawn(village), contribution, AuditOutcome.UPHELD)
    for number in range(20):
        copied(village, contribution, number, at=NOW - timedelta(days=180))
    assert len(audited(village, drawn(village, date(2026, 4, 1)))) == 16


def copied(village: Village, contribution: str, number: int, *, at: datetime) -> None:
    """One more awarded contribution to the same activity, without the ballots behind it."""
    author = ("north", "south")[number % 2] + str(2 + number % 6)
    name = f"copy-{number}"
    village.community.offer_achievements([village.achievement(name)])
    with village.store.ledger() as ledger:
        row = ledger.get(ContributionRow, contribution)
        ledger.add(
            ContributionRow(
                id=name,
                activity_id=row.activity_id,
                author_id=author,
                achievement_id=name,
                credential_id=name,
                co_authors=[],
                role=row.role,
                revision=0,
                state="awarded",
                handed_in_at=at,
            )
        )
    document = village.awarding.issue("university", unsigned(village, name), now=at)
    with village.store.ledger() as ledger:
        signed = ledger.credential_by_url(document["id"])
        assert signed is not None
        ledger.add(AwardRow(contribution_id=name, credential_id=signed.id, awarded_at=at))


def unsigned(village: Village, name: str) -> dict[str, object]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "id": f"https://example.org/{name}",
        "issuer": village.signers["university"].verification_method.partition("#")[0],
        "credentialSubject": {"id": village.wallets["north3"].did},
    }


def test_sample_is_drawn_once_after_the_period_and_when_the_last_audit_is_done(
    village: Village,
) -> None:
    with pytest.raises(Conflict, match="No badge"):
        drawn(village)
    awarded(village, "north1")
    awarded(village, "north2", at=NOW)
    with pytest.raises(Malformed, match="No period begins"):
        drawn(village, date(2026, 7, 2))
    with pytest.raises(Conflict, match="not over"):
        drawn(village, date(2026, 10, 1))
    with pytest.raises(Missing):
        village.office.auditing.draw(circle_id="nowhere", begins=BEGINS, now=NOW)
    drawn(village)
    next_year = datetime(2027, 1, 1, tzinfo=NOW.tzinfo)
    with pytest.raises(Conflict, match="not done"):
        drawn(village, date(2026, 10, 1), next_year)


def test_period_is_not_sampled_twice(village: Village) -> None:
    contribution = awarded(village, "north1")
    find(village, drawn(village), contribution, AuditOutcome.UPHELD)
    with pytest.raises(Conflict, match="already"):
        drawn(village)


def test_who_wrote_judged_or_moderated_it_does_not_audit_it(village: Village) -> None:
    contribution = awarded(village, "north1")
    audit = drawn(village)
    poll = panel_poll(contribution, 0)
    with village.store.ledger() as ledger:
        judge = ledger.seats(poll)[0].judge_id
        ballot = ledger.get(DecisionRow, poll, "ballot")
        ledger.add(
            DecisionRow(
                poll=poll,
                stage="moderator",
                outcome="accepted",
                tally=ballot.tally,
                sentences=[],
                levels={},
                overall="",
                decided_at=NOW,
                decided_by="mod",
            )
        )
    for person in ("north1", judge, "mod"):
        with pytest.raises(Forbidden):
            find(village, audit, contribution, AuditOutcome.UPHELD, by=person)
    find(village, audit, contribution, AuditOutcome.UPHELD, by="another moderator")


def test_desk_that_sends_nonsense_is_told_where(app: Flask, village: Village) -> None:
    awarded(village, "north1")
    moderator = reader(app, "mod")
    for begins, status in (("", 400), ("soon", 400), ("2026-07-02", 400), ("2026-10-01", 409)):
        answer = moderator.submit(AUDITS, AUDITS, circle="north", begins=begins)
        assert answer.status_code == status, begins
    assert moderator.submit(AUDITS, AUDITS, circle="x", begins="2026-07-01").status_code == 404
