"""Programme files that mean harm: refused with a sentence, at once, and never with a traceback."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_programme import small
from wallets import PROGRAMMES, written

from degree.rules.faults import Faulty
from degree.rules.grammar import programme_from_json, read_programme
from degree.rules.linting import lint
from vc.errors import Malformed

MSC = (PROGRAMMES / "learnometer-msc.yaml").read_bytes()
SMALL = small()
BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param(b"", "yaml-empty", id="empty"),
        pytest.param(b"# nothing\n", "yaml-empty", id="comment"),
        pytest.param(b"\xff\xfe", "yaml-utf8", id="not utf-8"),
        pytest.param(b"a: [1, 2", "yaml", id="ends early"),
        pytest.param(BOMB.encode(), "yaml-alias", id="bomb"),
        pytest.param(b"a: &x 1\n", "yaml-alias", id="anchor"),
        pytest.param(b"a: *x\n", "yaml-alias", id="alias"),
        pytest.param(b"[" * 50_000, "yaml-depth", id="deep"),
        pytest.param(b"a: " + b"{b: " * 5000, "yaml-depth", id="deep mapping"),
        pytest.param(b"- " * 5000 + b"a", "yaml-depth", id="deep list"),
        pytest.param(b"a: b\n---\nc: d\n", "yaml", id="two documents"),
        pytest.param(b"!!python/object/apply:os.system ['true']\n", "yaml-tag", id="object"),
        pytest.param(b"a: !!int '5'\n", "yaml-tag", id="tag"),
        pytest.param(b"#" * 300_000, "yaml-size", id="large"),
        pytest.param(b'a: "\\U00110000"\n', "yaml", id="no character"),
        pytest.param(b"%YAML 1." + b"9" * 5000 + b"\n---\na: b\n", "yaml", id="version"),
        pytest.param(b"a: \x00\n", "yaml", id="null character"),
        pytest.param(b"just text", "programme", id="text"),
        pytest.param(b"5", "programme", id="number"),
        pytest.param(b"[]", "programme", id="list"),
        pytest.param(b"{}", "programme", id="nothing in it"),
        pytest.param(b"? [complex, key]\n: 1\n", "programme", id="complex key"),
        pytest.param(b"<<: {a: 1}\n", "programme", id="merge key"),
    ],
)
def test_what_is_no_programme_is_refused_without_harm(source: bytes, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_programme(source)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "number",
    ["1e400", ".nan", ".inf", "-.inf", "9" * 5000, "1." + "9" * 5000, "0x10", "1_0", "0o7", "-1"],
)
def test_number_that_is_none_is_refused_at_its_place(number: str) -> None:
    source = written(SMALL).replace(b"credits: 10", f"credits: {number}".encode())
    with pytest.raises(Faulty) as refused:
        read_programme(source)
    assert [fault.path for fault in refused.value.faults] == ["awards.X.credits"]
    assert len(str(refused.value)) < 300


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Faulty) as refused:
        read_programme(MSC + b'attestations: {v: {says: "\\ud800", by: x}, "\\udc00": {}}\n')
    assert refused.value.faults[0].path == "attestations.v.says"


def test_long_key_does_not_lengthen_every_path_below_it() -> None:
    key = "k" * 100_000
    with pytest.raises(Faulty) as refused:
        read_programme(f"trust_lists:\n  ? {key}\n  : [{'a,' * 10_000}]\n".encode())
    assert max(len(fault.path) for fault in refused.value.faults) < 200


def test_crowd_of_awards_or_buckets_is_refused() -> None:
    buckets = {f"b{n}": {"min": 1, "where": {"any": True}} for n in range(101)}
    with pytest.raises(Faulty, match="at most 100 of them"):
        read_programme(written({**SMALL, "buckets": {**SMALL["buckets"], **buckets}}))


def test_crowd_of_faults_has_short_sentences() -> None:
    buckets = {f"bucket-{n}": {"min": 1, "where": {"any": True}} for n in range(100)}
    named = [{"before": "x", "after": "y"}] * 1000
    with pytest.raises(Faulty) as refused:
        read_programme(written({**SMALL, "buckets": buckets, "prerequisites": named}))
    assert len(refused.value.faults) > 2000
    assert len(str(refused.value)) < 100_000


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, 10**400, "\ud800", b"bytes", (1,), {1: 2}, object()],
    ids=["nan", "inf", "huge", "half", "bytes", "tuple", "number as key", "object"],
)
def test_what_json_does_not_have_is_refused_in_a_document(value: Any) -> None:
    with pytest.raises(Malformed):
        programme_from_json({**SMALL, "programme": value})


def test_deep_document_is_refused() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"not": deep}
    with pytest.raises(Malformed):
        programme_from_json({"buckets": deep})


@given(st.integers(0, len(MSC)), st.binary(max_size=8), st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_torn_file_is_read_or_refused(place: int, put: bytes, taken: int) -> None:
    try:
        lint(MSC[:place] + put + MSC[place + taken :])
    except Malformed:
        return


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_programme(text.encode("utf-8", "surrogatepass"))
