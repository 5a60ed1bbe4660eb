"""The log's tree and checkpoints: known answers, properties, and every way to cheat."""

import pytest
from ed25519_keys import signer
from hypothesis import given, settings
from hypothesis import strategies as st

from transparency.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from transparency.tree import (
    EMPTY_ROOT,
    check_consistency,
    consistency_proof,
    inclusion_proof,
    root_hash,
)
from vc.errors import Malformed, Refused
from vc.logged import check_inclusion, leaf_hash

# The entries and roots with which Certificate Transparency's implementations test themselves
# (google/certificate-transparency, merkletree/merkle_tree_test.cc).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def test_empty_log_has_the_hash_of_nothing() -> None:
    assert root_hash([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize("size", range(1, 9))
def test_root_is_the_known_answer(size: int) -> None:
    assert root_hash(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_proofs_are_the_known_answers() -> None:
    # RFC 6962 section 2.1.3, on its tree of seven leaves.
    seven = LEAVES[:7]
    assert inclusion_proof(seven, index=3) == (
        seven[2],
        root_hash(seven[0:2]),
        root_hash(seven[4:7]),
    )
    assert inclusion_proof(seven, index=6) == (root_hash(seven[4:6]), root_hash(seven[0:4]))
    assert consistency_proof(seven, old_size=3) == (
        seven[2],
        seven[3],
        root_hash(seven[0:2]),
        root_hash(seven[4:7]),
    )
    assert consistency_proof(seven, old_size=4) == (root_hash(seven[4:7]),)


def log(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_entry_proves_its_place_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = log(size)
    proof, root = inclusion_proof(leaves, index=index), root_hash(leaves)
    check_inclusion(leaves[index], proof, index=index, expected_size=size, expected_root=root)
    other = data.draw(st.integers(0, size + 1))
    if other != index:
        with pytest.raises(Refused):
            check_inclusion(
                leaves[index], proof, index=other, expected_size=size, expected_root=root
            )
    for bad in (proof[:-1], (*proof, root)):
        if bad != proof:
            with pytest.raises(Refused):
                check_inclusion(
                    leaves[index], bad, index=index, expected_size=size, expected_root=root
                )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_growth_is_proven_and_changed_history_is_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    old_size = data.draw(st.integers(1, size))
    leaves = log(size)
    proof = consistency_proof(leaves, old_size=old_size)
    old_root, root = root_hash(leaves[:old_size]), root_hash(leaves)

    def check(old: bytes, new: bytes, path: tuple[bytes, ...]) -> None:
        check_consistency(
            path, old_size=old_size, old_root=old, expected_size=size, expected_root=new
        )

    check(old_root, root, proof)
    changed = list(leaves)
    changed[data.draw(st.integers(0, old_size - 1))] = leaf_hash(b"forged")
    with pytest.raises(Refused):
        check(old_root, root_hash(changed), consistency_proof(changed, old_size=old_size))
    for bad in (proof[:-1], (*proof, root), proof[::-1]):
        if bad != proof:
            with pytest.raises(Refused):
                check(old_root, root, bad)


def test_shrunk_log_is_refused() -> None:
    leaves = log(5)
    with pytest.raises(Refused):
        check_consistency(
            (),
            old_size=5,
            old_root=root_hash(leaves),
            expected_size=4,
            expected_root=root_hash(leaves[:4]),
        )


@pytest.mark.parametrize("index", [-1, 5])
def test_proof_for_no_entry_is_refused(index: int) -> None:
    with pytest.raises(Malformed):
        inclusion_proof(log(5), index=index)
    with pytest.raises(Malformed):
        consistency_proof(log(5), old_size=index + 1 if index > 0 else 0)


LOG_KEY = signer(9)
STATE = Checkpoint("log.example/learnometer", 8, root_hash(LEAVES))


def read(note: str) -> Checkpoint:
    return read_checkpoint(note, expected_origin=STATE.origin, public_key=LOG_KEY.public_key)


def test_signed_checkpoint_comes_back() -> None:
    note = sign_checkpoint(STATE, signer=LOG_KEY)
    assert note.startswith(
        "log.example/learnometer\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="
    )
    assert read(note) == STATE


def test_signatures_of_witnesses_are_passed_over() -> None:
    note = sign_checkpoint(STATE, signer=LOG_KEY)
    assert read(f"{note}\u2014 witness.example AAAA\n") == STATE


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(sign_checkpoint(STATE, signer=signer(10)), id="another key"),
        pytest.param(
            sign_checkpoint(Checkpoint("evil.example", 8, STATE.root), signer=LOG_KEY), id="origin"
        ),
        pytest.param(sign_checkpoint(STATE, signer=LOG_KEY).replace("\n8\n", "\n9\n"), id="size"),
        pytest.param(sign_checkpoint(STATE, signer=LOG_KEY).replace("\n8\n", "\n08\n"), id="zero"),
        pytest.param(STATE.text() + "\n", id="no signature"),
        pytest.param(STATE.text(), id="no signatures at all"),
        pytest.param("", id="nothing"),
        pytest.param(sign_checkpoint(STATE, signer=LOG_KEY) + " " * 4096, id="too long"),
    ],
)
def test_checkpoint_like_this_is_refused(note: str) -> None:
    with pytest.raises(Refused):
        read(note)


def test_origin_with_a_space_is_not_signed() -> None:
    with pytest.raises(Malformed):
        sign_checkpoint(Checkpoint("two words", 0, EMPTY_ROOT), signer=LOG_KEY)
