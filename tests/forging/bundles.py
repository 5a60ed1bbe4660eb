"""What a credential carries inside: endorsements and badges that do not hold, or in crowds."""

from typing import Any

from campus import BADGE_CONTEXTS, BADGE_ID, NOW
from ed25519_keys import signer
from forging.forge import STRANGER, Case, Cases, Forge, text
from forging.tokens import compact

from vc.documents import JsonObject
from vc.issue import issue
from vc.model import Verdict
from vc.structure import CLR, CREDENTIALS_V2, OPEN_BADGES


def cases(forge: Forge) -> Cases:
    yield from _endorsements(forge)
    yield from _records(forge)
    yield from _documents(forge)


def _case(
    name: str,
    document: JsonObject,
    code: str,
    why: str,
    *,
    step: str = "endorsements",
    verdict: Verdict = Verdict.INVALID,
) -> Case:
    content = text(document)
    return Case(
        file=f"bundle/{name}.json", content=content, why=why, step=step, code=code, verdict=verdict
    )


def _endorsement(number: int, **changes: Any) -> JsonObject:
    judge = signer(100 + number)
    unsigned: JsonObject = {
        "@context": BADGE_CONTEXTS,
        "id": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": judge.did, "type": ["Profile"]},
        "name": "Endorsement",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": BADGE_ID, "type": ["EndorsementSubject"]},
    }
    return issue(unsigned | changes, signer=judge, created=NOW)


def _endorsements(forge: Forge) -> Cases:
    good = [_endorsement(number) for number in range(3)]

    def with_(*carried: Any, **more: Any) -> JsonObject:
        badge = forge.badge(endorsement=list(carried) or None, **more)
        return forge.signed(badge, suite="eddsa-jcs-2022")

    forged = good[2] | {"name": "Praise"}
    yield _case(
        "forged-endorsement", with_(*good[:2], forged), "signature", "changed after signing"
    )
    unsigned = {key: value for key, value in good[2].items() if key != "proof"}
    yield _case("unsigned-endorsement", with_(unsigned), "no-proof", "nobody signed it")
    yield _case("one-judge-twice", with_(good[0], good[0]), "endorsed-twice", "counted twice")
    about = {"id": "urn:x", "type": ["EndorsementSubject"]}
    other = _endorsement(5, credentialSubject=about)
    yield _case(
        "endorsement-of-another", with_(other), "endorsement-subject", "about another badge"
    )
    old = _endorsement(6, validUntil="2026-02-01T00:00:00Z")
    yield _case("expired-endorsement", with_(old), "expired", "an endorsement that has ended")
    holder = forge.campus.holder
    own = dict(_endorsement(7))
    own = {key: value for key, value in own.items() if key != "proof"}
    own["issuer"] = {"id": holder.did, "type": ["Profile"]}
    yield _case(
        "endorsed-by-its-holder",
        with_(issue(own, signer=holder, created=NOW)),
        "endorsed-by-holder",
        "praise of oneself",
    )
    yield _case("endorsement-is-text", with_("x"), "endorsement", "a text")
    yield _case("endorsement-is-a-badge", with_(forge.signed()), "endorsement-subject", "a badge")
    token = with_(endorsementJwt=["a.b.c"])
    yield _case("endorsement-token-of-nothing", token, "base64url", "no token")
    bare: JsonObject = {"alg": "none", "typ": "vc+jwt", "kid": signer(107).verification_method}
    signed_by_none = compact(bare, unsigned, by=signer(107))
    yield _case(
        "endorsement-token-by-none",
        with_(endorsementJwt=[signed_by_none]),
        "issuer-mismatch",
        "a token that nobody signed",
    )
    envelope = {
        "@context": [CREDENTIALS_V2],
        "id": "data:application/vc+jwt,a.b.c",
        "type": "EnvelopedVerifiableCredential",
    }
    yield _case("endorsement-in-an-envelope", with_(envelope), "endorsement", "an envelope")
    crowd = [_endorsement(number) for number in range(200)]
    yield _case("crowd-of-endorsements", with_(*crowd), "too-many-endorsements", "200 good ones")
    deep: JsonObject = _endorsement(30)
    for number in range(31, 35):
        deep = _endorsement(number, endorsement=[deep])
    yield _case(
        "endorsements-of-endorsements",
        with_(deep),
        "nested-too-deep",
        "an endorsement in an endorsement in an endorsement",
        verdict=Verdict.UNCHECKED,
    )


def _records(forge: Forge) -> Cases:
    issuer = forge.campus.issuer

    def record(*held: Any, **changes: Any) -> JsonObject:
        unsigned: JsonObject = {
            "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES],
            "id": "urn:uuid:00000000-0000-4000-8000-00000000c1c1",
            "type": ["VerifiableCredential", "ClrCredential"],
            "issuer": {"id": issuer.did, "type": ["Profile"]},
            "name": "Transcript",
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": list(held)},
        }
        return forge.signed(unsigned | changes, suite="eddsa-jcs-2022")

    inside = {"step": "credentials"}
    good = forge.signed()
    forged = good | {"name": "Doctorate"}
    yield _case("record-with-a-forged-badge", record(good, forged), "signature", "forged", **inside)
    foreign = forge.signed(by=STRANGER)
    yield _case(
        "record-with-anothers-key", record(foreign), "issuer-mismatch", "a stranger", **inside
    )
    yield _case("record-with-a-number", record(5), "credential", "a number for a badge", **inside)
    yield _case("record-with-a-text", record("x"), "json", "a text for a badge", **inside)
    yield _case("record-with-a-file", record("file:///etc/passwd"), "json", "a file", **inside)
    nested = record(good)
    for _ in range(4):
        nested = record(nested)
    yield _case(
        "records-in-records",
        nested,
        "nested-too-deep",
        "five transcripts in each other",
        step="credentials",
        verdict=Verdict.UNCHECKED,
    )
    subjects = [{"type": ["ClrSubject"], "verifiableCredential": [good]}] * 2
    two = record(credentialSubject=subjects)
    yield _case("record-of-two-people", two, "subject", "two subjects", step="structure")


def _documents(forge: Forge) -> Cases:
    """Structures that are no credential, or more than one."""
    sound = forge.signed()
    structure = {"step": "structure"}
    subject = sound["credentialSubject"]
    for name, (changes, code, why) in {
        "presentation": ({"type": ["VerifiablePresentation"]}, "type", "a presentation"),
        "no-type": ({"type": []}, "type", "no type"),
        "type-number": ({"type": [1]}, "type", "a number for a type"),
        "two-subjects": ({"credentialSubject": [subject, subject]}, "subject", "two subjects"),
        "no-subject": ({"credentialSubject": []}, "subject", "no subject"),
        "empty-subject": ({"credentialSubject": {}}, "subject", "a subject of nothing"),
        "subject-text": ({"credentialSubject": "x"}, "subject", "a text for a subject"),
        "issuer-list": ({"issuer": [sound["issuer"]] * 2}, "url", "two issuers"),
        "issuer-script": ({"issuer": "javascript:alert(1)<script>"}, "url", "a script"),
        "issuer-bidi": ({"issuer": "did:web:a\u202eelpmaxe"}, "issuer-mismatch", "turned letters"),
        "issuer-relative": ({"issuer": "issuer.example"}, "url", "no URL"),
        "id-list": ({"id": ["urn:x"]}, "badge-shape", "two names"),
        "id-with-a-line-break": ({"id": "urn:x\n"}, "url", "a line break"),
        "schema-without-type": ({"credentialSchema": {"id": "urn:x"}}, "type", "no type"),
        "terms-without-type": ({"termsOfUse": ["x"]}, "type", "no type"),
        "resource-without-digest": (
            {"relatedResource": {"id": "urn:x"}},
            "related-resource",
            "a resource that can be exchanged",
        ),
    }.items():
        step = {"step": "issuer"} if code == "issuer-mismatch" else structure
        yield _case(name, sound | changes, code, why, **step)
    wrong = {"id": OPEN_BADGES, "digestMultibase": "uEiB" + "A" * 43}
    for name, (resource, code, why) in {
        "digest-of-another-context": (wrong, "digest-mismatch", "other bytes"),
        "digest-by-md5": (wrong | {"digestMultibase": "uAAAA"}, "digest", "no digest"),
        "digest-without-base": (wrong | {"digestMultibase": "x"}, "digest", "no digest"),
    }.items():
        bent = forge.signed(forge.badge(relatedResource=[resource]), suite="eddsa-jcs-2022")
        yield _case(name, bent, code, why, step="resources")
