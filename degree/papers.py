"""The papers of an award: which there are, and having the university sign and revoke them."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from degree.award import Earned, degree_credential
from degree.files import File
from degree.reception import Addresses
from degree.store import Store
from degree.supplement import supplement
from degree.supplement_pdf import supplement_pdf
from degree.tables import CORRECTION, DEGREE, TRANSCRIPT, ConferralRow, PaperRow
from degree.transcript import parts, transcript
from degree.university import University
from vc.documents import LARGEST_RECORD, JsonObject, parse, written
from vc.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of awards. Times are aware UTC."""

    store: Store
    university: University
    addresses: Addresses

    def edition(self, file: File, *, seed: str, number: int) -> list[PaperRow]:
        """The papers of an edition as they are to be signed: the degree, then its transcript.

        `seed` is 32 hexadecimal digits from which their ids follow: whoever asks the university
        again asks for the same.
        """
        degree = uuid.UUID(hex=seed)
        transcripts = range(1, len(parts(self._badges(file))) + 1)
        return [
            PaperRow(credential_id=degree.urn, edition=number, number=0, kind=DEGREE),
            *(
                PaperRow(
                    credential_id=uuid.uuid5(degree, f"{TRANSCRIPT} {one}").urn,
                    edition=number,
                    number=one,
                    kind=TRANSCRIPT,
                )
                for one in transcripts
            ),
        ]

    def carry_out(self, conferral_id: str, file: File, *, now: datetime) -> ConferralRow:
        """Have the university do what is left to do for an award: it signs, then it revokes.

        What it did before stays done, so that asking again goes on from there. Raises Unavailable;
        and Forbidden when it will not sign: where it signed nothing of the edition, the edition is
        forgotten.
        """
        with self.store.ledger() as ledger:
            conferral = ledger.hold(conferral_id)
        for paper in conferral.to_sign:
            self._sign(conferral, paper, file, now=now)
        # The new papers hold before the old ones cease to. Somebody may have withdrawn all of them
        # in the meantime.
        with self.store.ledger() as ledger:
            conferral = ledger.hold(conferral_id)
        for paper in conferral.to_revoke:
            self.university.revoke(paper.credential_id)
            with self.store.ledger() as ledger:
                ledger.paper(paper.credential_id).revoked_at = now
        with self.store.ledger() as ledger:
            conferral = ledger.hold(conferral_id)
            if conferral.withdrawal and not conferral.to_revoke:
                conferral.withdrawn_at = conferral.withdrawn_at or now
        return conferral

    def signed(self, conferral: ConferralRow, kind: str) -> list[JsonObject]:
        """The signed papers of a kind that hold. Raises Missing."""
        with self.store.ledger() as ledger:
            return [
                parse(ledger.signed_text(paper.credential_id), largest=LARGEST_RECORD)
                for paper in conferral.current
                if paper.kind == kind
            ]

    def supplement(self, conferral: ConferralRow, file: File) -> bytes:
        """The diploma supplement as a PDF, with the signed transcripts attached. Raises Missing."""
        transcripts = self.signed(conferral, TRANSCRIPT)
        told = supplement(
            self.earned(conferral, file),
            transcripts=[written(one) for one in transcripts],
            held=[
                badge
                for one in transcripts
                for badge in one["credentialSubject"]["verifiableCredential"]
            ],
            verifier=self.addresses.verifier,
        )
        return supplement_pdf(told)

    def earned(self, conferral: ConferralRow, file: File) -> Earned:
        """The award as its present papers tell it."""
        corrections = [one for one in conferral.amendments if one.kind == CORRECTION]
        latest = corrections[-1] if corrections else None
        return Earned(
            programme=file.programme,
            source=file.source,
            award=file.programme.award(conferral.award),
            wallet=file.wallet,
            placements=file.placements,
            programme_url=self.addresses.programme(file.programme.id),
            issuer={
                "id": self.university.did,
                "type": ["Profile"],
                "name": self.university.name,
            },
            holder_name=latest.name if latest else file.wallet.name or file.wallet.holder,
            conferred_at=conferral.conferred_at,
            issued_at=latest.made_at if latest else conferral.conferred_at,
        )

    def _sign(self, conferral: ConferralRow, paper: PaperRow, file: File, *, now: datetime) -> None:
        try:
            signed = self.university.issue(self._unsigned(conferral, paper, file))
        except Forbidden:
            # By the time it may be signed, the badges are to be looked at again.
            with self.store.ledger() as ledger:
                held = ledger.hold(conferral.id)
                # A withdrawal that came in between is the last word, and stays on record.
                if held.withdrawal is None and all(one.signed_at is None for one in held.current):
                    ledger.release(held)
            raise
        with self.store.ledger() as ledger:
            row = ledger.paper(paper.credential_id)
            row.signed, row.signed_at = json.dumps(signed, ensure_ascii=False), now
            row.revoked_at = None  # it was, if at all, before there was anything to revoke

    def _unsigned(self, conferral: ConferralRow, paper: PaperRow, file: File) -> JsonObject:
        earned = self.earned(conferral, file)
        if paper.kind == DEGREE:
            return degree_credential(earned, credential_id=paper.credential_id)
        (degree,) = self.signed(conferral, DEGREE)
        divided = parts(self._badges(file))
        return transcript(
            earned,
            degree=degree,
            badges=divided[paper.number - 1],
            credential_id=paper.credential_id,
            part=paper.number,
            of=len(divided),
        )

    def _badges(self, file: File) -> list[JsonObject]:
        """The counted badges as they were presented."""
        with self.store.ledger() as ledger:
            presented = json.loads(ledger.credentials(file.case.application.id))
        badges: dict[str, JsonObject] = {}
        for document in presented:
            if document and document.get("id") in file.placements:
                badges.setdefault(document["id"], document)
        return list(badges.values())
