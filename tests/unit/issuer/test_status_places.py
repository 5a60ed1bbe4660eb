"""The shuffle of status places: a permutation, and no order to read from it."""

from issuer.status_lists import SIZE, shuffled


def test_shuffle_gives_every_place_to_one_entry() -> None:
    places = {shuffled(counter, key=bytes(32)) for counter in range(SIZE)}
    assert len(places) == SIZE
    assert (min(places), max(places)) == (0, SIZE - 1)


def test_another_key_gives_another_order() -> None:
    one = [shuffled(counter, key=bytes(32)) for counter in range(20)]
    other = [shuffled(counter, key=b"\1" * 32) for counter in range(20)]
    assert one != other
    assert one != sorted(one)
