"""Sealed bytes and ballot boxes."""

import pytest

from keys.sealing import BallotBox, Seal
from vc.errors import Malformed, Unavailable

MASTER = bytes(range(32))


def test_what_was_sealed_opens_again_for_the_same_purpose() -> None:
    seal = Seal(MASTER)
    assert seal.open(seal.seal(b"seed", purpose="key"), purpose="key") == b"seed"


def test_the_same_bytes_sealed_twice_do_not_look_alike() -> None:
    seal = Seal(MASTER)
    assert seal.seal(b"seed", purpose="key") != seal.seal(b"seed", purpose="key")


def test_a_sealed_value_moved_to_another_purpose_does_not_open() -> None:
    seal = Seal(MASTER)
    with pytest.raises(Unavailable) as refusal:
        seal.open(seal.seal(b"seed", purpose="key a"), purpose="key b")
    assert refusal.value.code == "seal"


@pytest.mark.parametrize("position", [0, 30, -1])
def test_an_altered_sealed_value_does_not_open(position: int) -> None:
    seal = Seal(MASTER)
    sealed = bytearray(seal.seal(b"a seed of some length", purpose="key"))
    sealed[position] ^= 1
    with pytest.raises(Unavailable):
        seal.open(bytes(sealed), purpose="key")


def test_a_truncated_sealed_value_does_not_open() -> None:
    with pytest.raises(Unavailable):
        Seal(MASTER).open(b"short", purpose="key")


def test_another_master_secret_does_not_open_it() -> None:
    sealed = Seal(MASTER).seal(b"seed", purpose="key")
    with pytest.raises(Unavailable):
        Seal(bytes(32)).open(sealed, purpose="key")


def test_a_master_secret_of_another_length_is_refused() -> None:
    with pytest.raises(Malformed):
        Seal(b"correct horse battery staple")


def test_the_master_secret_does_not_show_in_the_repr() -> None:
    assert repr(Seal(MASTER)) == "Seal(<redacted>)"


def test_a_ballot_opens_only_with_the_private_key_of_its_box() -> None:
    ours, theirs = BallotBox.generate(), BallotBox.generate()
    sealed = BallotBox.drop(ours.public_key, b"yes")
    assert BallotBox.open(ours.private_key, sealed) == b"yes"
    with pytest.raises(Malformed):
        BallotBox.open(theirs.private_key, sealed)


def test_the_private_key_of_a_ballot_box_does_not_show_in_the_repr() -> None:
    keys = BallotBox.generate()
    assert repr(keys.private_key) not in repr(keys)


def test_a_ballot_box_key_of_another_length_is_refused() -> None:
    with pytest.raises(Malformed):
        BallotBox.drop(b"short", b"yes")
