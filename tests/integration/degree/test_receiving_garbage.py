"""Whatever a stranger uploads to read or to be read by, an answer or a refusal comes of it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from applicant import BEFORE_A_BOARD, PROGRAMME, Applicant
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from receiving_site import Reader

from degree.catalogue import FOLDER
from degree.receiving import deciding
from degree.receiving.answering import answer

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
PROGRAMMES = [PROGRAMME, BEFORE_A_BOARD, *(
    path.read_text() for path in sorted((FOLDER / "elsewhere").glob("*.yaml"))
)]  # fmt: skip
ODD_TEXTS = [
    *("", " ", "0", "-1", "null", "true", "1e9", "9999-12-31", "[]", "{}", "- ", ": ", "&a", "*a"),
    *("!!python/object:x", "\t", "\u202e", "\ud83d", "\x00", "'", '"', "#", "|\n", "any: true"),
]
ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(),
    st.sampled_from(["", " ", "\x00", "did:key:z6Mk", "9999-12-31T23:59:59Z", "x" * 5_000]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", "name"]), st.text(max_size=5), max_size=2),
)
_QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(name="applicant")
def _applicant() -> Applicant:
    return Applicant()


@pytest.fixture(name="reader")
def _reader(tmp_path: Path, applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> Reader:
    # The same answers, without the half second that a process of its own takes to start.
    monkeypatch.setattr(deciding, "in_a_child", answer)
    return Reader(tmp_path, applicant)


@st.composite
def bent_programmes(draw: st.DrawFn) -> bytes:
    """A programme in which something else stands in some places."""
    text = draw(st.sampled_from(PROGRAMMES))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(ODD_TEXTS)) + text[at + draw(st.integers(0, 9)) :]
    return text.encode("utf-8", "surrogatepass")


@st.composite
def bent(draw: st.DrawFn, document: Any) -> Any:
    """JSON in which one value is another."""
    found = copy.deepcopy(document)
    node = found
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return found
        key = draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or draw(st.integers(0, 3)) == 0:
            node[key] = draw(ODD_VALUES)
            return found
        node = node[key]


@_QUICK
@given(programme=st.one_of(st.binary(max_size=300), bent_programmes()))
def test_any_programme(reader: Reader, applicant: Applicant, programme: bytes) -> None:
    records = (EXAMPLES / "msc-medicine-southampton-not-earned.json").read_bytes()
    assert reader.read(programme=programme, records=records).status_code in {200, 400}


@_QUICK
@given(data=st.data())
def test_any_records(reader: Reader, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(EXAMPLES.glob("m*.json"))))
    records = json.dumps(data.draw(bent(json.loads(path.read_text())))).encode()
    assert reader.read(records=records).status_code in {200, 400}


@_QUICK
@given(data=st.data())
def test_any_files(reader: Reader, applicant: Applicant, data: st.DataObject) -> None:
    badge, unsigned = applicant.badge(1), applicant.campus.unsigned_badge()
    shapes = st.one_of(
        st.binary(max_size=300),
        st.sampled_from(
            [b"{}", b"[]", b"a.b.c", b"\x89PNG\r\n\x1a\n", b"<svg/>", b'{"credentials": [1, {}]}']
        ),
        bent(badge).map(_written),
        bent({"credentials": [badge, unsigned]}).map(_written),
        bent({"type": ["VerifiablePresentation"], "verifiableCredential": [badge]}).map(_written),
    )
    files = data.draw(st.lists(shapes, min_size=1, max_size=3))
    assert reader.read([*files, badge]).status_code in {200, 400}


@_QUICK
@given(data=st.data())
def test_any_genuine_badge(reader: Reader, applicant: Applicant, data: st.DataObject) -> None:
    subject = data.draw(bent(applicant.badge(1)["credentialSubject"]))
    subject = subject if isinstance(subject, dict) else {}
    try:
        badge = applicant.badge(1, subject=subject)
    except Exception:
        return  # not even we could sign it
    page = reader.read([badge, applicant.badge(2)])
    assert page.status_code in {200, 400}
    if page.status_code == 200:
        for what in ("page", "pdf", "record"):
            assert reader.take(page, what).status_code == 200


def _written(document: Any) -> bytes:
    return json.dumps(document).encode()
