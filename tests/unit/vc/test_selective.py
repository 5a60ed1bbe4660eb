"""Choosing parts of a document by pointers, and the proofs that go with the parts."""

import json
from pathlib import Path
from typing import Any

import pytest
from campus import NOW, Campus
from hypothesis import given, settings
from hypothesis import strategies as st
from signers import did_of, ec_signer

from vc.canonical import canonical
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.fetch import Nowhere
from vc.issue import Form, Selective, issue_as
from vc.model import Outcome
from vc.proofs import configuration as di
from vc.proofs import ecdsa_sd_2023 as sd
from vc.public_key import KeyKind
from vc.selective import labelled, select
from vc.verify import verify

P256 = ec_signer(KeyKind.P256)
SUBJECT = "/credentialSubject/creditsEarned"
RUBRIC = {
    "id": "urn:uuid:00000000-0000-4000-8000-000000000100",
    "type": ["ResultDescription"],
    "name": "Level",
    "resultType": "Status",
    "allowedValue": ["Completed", "Failed", "Withdrew"],
}


def _badge() -> JsonObject:
    badge = Campus().unsigned_badge(issuer={"id": did_of(P256), "type": ["Profile"]})
    del badge["credentialStatus"]
    achievement = {**badge["credentialSubject"]["achievement"], "resultDescription": [RUBRIC]}
    subject = {**badge["credentialSubject"], "achievement": achievement}
    return {**badge, "credentialSubject": subject}


def _signed(mandatory: tuple[str, ...] = ()) -> JsonObject:
    selective = Selective(entropy=lambda count: bytes(range(1, count + 1)), mandatory=mandatory)
    signed = issue_as(Form.ECDSA_SD, _badge(), signer=P256, created=NOW, selective=selective)
    assert isinstance(signed, dict)
    return signed


def _pointers(node: Any, above: str = "") -> list[str]:
    found = [above] if above else []
    if isinstance(node, dict):
        for key, value in node.items():
            if not key.startswith("@"):
                found += _pointers(value, f"{above}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(node, list):
        for index, value in enumerate(node):
            found += _pointers(value, f"{above}/{index}")
    return found


# A list in a fixed order is one value: its parts cannot be shown by themselves.
WHOLE = [one for one in _pointers(_badge()) if "/allowedValue/" not in one]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WHOLE), min_size=1, max_size=6))
def test_any_choice_of_pointers_is_shown_and_verifies(pointers: list[str]) -> None:
    signed = _signed()
    shown = sd.derive(signed, pointers=[*pointers, SUBJECT])
    step = verify(shown, now=NOW, fetcher=Nowhere()).step("signature")
    proof = di.read_proof(shown, di_proof(shown), suite=sd.NAME)
    assert sd.verifies(di.unsecured(shown), proof, public_key=P256.public_key)
    assert step is None or step.outcome is Outcome.PASS
    assert _within(shown, signed)


def di_proof(document: JsonObject) -> JsonObject:
    proof = document["proof"]
    return proof[0] if isinstance(proof, list) else proof  # type: ignore[no-any-return]


def _within(part: Any, whole: Any) -> bool:
    """Whether a part holds nothing that the whole does not hold."""
    if isinstance(part, dict):
        return all(key == "proof" or _within(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return all(any(_within(item, other) for other in whole) for item in part)
    return bool(part == whole)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WHOLE), min_size=1, max_size=3), st.data())
def test_value_that_was_chosen_cannot_be_changed(pointers: list[str], data: st.DataObject) -> None:
    shown = sd.derive(_signed(), pointers=[*pointers, SUBJECT])
    texts = [one for one in _pointers(di.unsecured(shown)) if _is_free_text(shown, one)]
    if not texts:
        return
    place = data.draw(st.sampled_from(texts))
    bent = _changed(shown, place.split("/")[1:])
    proof = di.read_proof(bent, di_proof(bent), suite=sd.NAME)
    try:
        good = sd.verifies(di.unsecured(bent), proof, public_key=P256.public_key)
    except Malformed:
        good = False
    assert not good


def _at(node: Any, tokens: list[str]) -> Any:
    for token in tokens:
        node = node[int(token)] if isinstance(node, list) else node[token]
    return node


def _is_free_text(document: JsonObject, pointer: str) -> bool:
    return isinstance(_at(document, pointer.split("/")[1:]), str)


def _changed(document: JsonObject, tokens: list[str]) -> JsonObject:
    copied: JsonObject = json.loads(json.dumps(document))
    parent = _at(copied, tokens[:-1])
    key: Any = int(tokens[-1]) if isinstance(parent, list) else tokens[-1]
    parent[key] += "x"
    return copied


@pytest.mark.parametrize(
    "pointer",
    [
        "credentialSubject",
        "/nothing",
        "/credentialSubject/achievement/name/first",
        "/evidence/1",
        "/evidence/-",
        "/evidence/00",
        "/evidence/-1",
        "/evidence/999999999999",
        "/evidence/\u0661",
        "/name~2",
        "/name~",
        "/credentialSubject/",
    ],
)
def test_pointer_that_leads_nowhere_is_named(pointer: str) -> None:
    with pytest.raises(Malformed) as refusal:
        sd.derive(_signed(), pointers=[pointer])
    assert (refusal.value.code, refusal.value.place) == ("pointer", pointer)


def test_part_of_an_ordered_list_cannot_be_shown_by_itself() -> None:
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    shown = sd.derive(_signed(), pointers=[place])
    assert _at(shown, place.split("/")[1:][:-2])[0]["allowedValue"] == RUBRIC["allowedValue"]
    with pytest.raises(Malformed) as refusal:
        sd.derive(_signed(), pointers=[f"{place}/1"])
    assert refusal.value.code == "pointer"


def test_the_empty_pointer_shows_everything() -> None:
    signed = _signed()
    assert di.unsecured(sd.derive(signed, pointers=[""])) == di.unsecured(signed)


def test_mandatory_parts_are_shown_whatever_the_holder_chooses() -> None:
    shown = sd.derive(_signed(("/evidence/0/name",)), pointers=["/name", SUBJECT])
    assert shown["evidence"][0]["name"] == "Three research lessons on fractions"
    assert shown["name"] == "Lesson study"


def test_nodes_get_names_and_keep_their_statements() -> None:
    whole = labelled(_badge(), label=lambda label: label)
    assert list(whole.statements) == canonical(_badge()).splitlines(keepends=True)


def test_what_holds_other_credentials_cannot_be_shown_in_part(vectors: Path) -> None:
    folder = vectors / "openbadges" / "impl-guide" / "clrv2p0"
    for path in sorted(folder.rglob("*.json")):
        document = json.loads(path.read_text())
        if "ClrCredential" in document.get("type", []):
            with pytest.raises(Malformed):
                labelled(di.unsecured(document), label=lambda label: label)


@pytest.mark.parametrize("name", ["_:b0", "urn:bnid:1"])
def test_blank_labels_are_no_names(name: str) -> None:
    node, reference = _badge(), _badge()
    node["evidence"][0]["id"] = name
    reference["issuer"] = name
    for badge in (node, reference):
        with pytest.raises(Malformed):
            labelled(badge, label=lambda label: label)


def test_pointer_within_another_adds_nothing() -> None:
    badge = _badge()
    within = ["/evidence", "/evidence/0", "/evidence/0/name", "/name", "/name"]
    assert select(badge, within) == select(badge, ["/name", "/evidence"])
    assert select(badge, ["/evidence/0/name", ""]) == badge


def test_no_pointers_choose_nothing() -> None:
    assert select(_badge(), []) == {}
    with pytest.raises(Malformed):
        select(_badge(), ["/name"] * 257)


def test_part_is_derived_of_one_base_proof_and_nothing_else() -> None:
    signed = _signed()
    shown = sd.derive(signed, pointers=[SUBJECT])
    two = {**signed, "proof": [di_proof(signed), di_proof(signed)]}
    for document in (shown, two, di.unsecured(signed), {**signed, "proof": "none"}):
        with pytest.raises(Malformed):
            sd.derive(document, pointers=[SUBJECT])


def test_part_without_a_subject_is_no_credential_and_is_not_made() -> None:
    with pytest.raises(Malformed, match="credentialSubject"):
        sd.derive(_signed(), pointers=["/name"])


def test_part_of_what_was_changed_is_not_shown() -> None:
    bent = _signed() | {"name": "Doctorate"}
    with pytest.raises(Malformed, match="changed after it was signed"):
        sd.derive(bent, pointers=["/name", SUBJECT])


def test_ends_of_lines_within_a_text_end_no_statement() -> None:
    text = '<urn:a> <urn:p> "x\u2028_:c14n0\x85y" .\n_:c14n0 <urn:p> "z" .\n'
    assert sd.relabelled(text, {0: "u0"}) == [
        '<urn:a> <urn:p> "x\u2028_:c14n0\x85y" .\n',
        '_:u0 <urn:p> "z" .\n',
    ]
