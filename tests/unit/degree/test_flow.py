"""The maximum flow, its cut, and the parts of it that touch nowhere."""

import random

import pytest

from degree.rules.flow import Flow


def test_flow_that_must_be_rerouted_reaches_its_maximum() -> None:
    flow = Flow()
    source, sink, left, right, a, b = (flow.node() for _ in range(6))
    for start, end in ((source, left), (source, right), (left, a), (left, b), (right, a)):
        flow.edge(start, end, 5)
    flow.edge(a, sink, 5)
    flow.edge(b, sink, 5)
    assert flow.fill(source, sink) == 10


@pytest.mark.parametrize("seed", range(30))
def test_flow_equals_the_capacity_of_its_cut(seed: int) -> None:
    dice = random.Random(seed)
    flow = Flow()
    nodes = [flow.node() for _ in range(8)]
    edges = []
    for _ in range(20):
        start, end, capacity = dice.choice(nodes), dice.choice(nodes), dice.randrange(9)
        edges.append((flow.edge(start, end, capacity), capacity))
    total = flow.fill(0, 7)
    side = flow.reaching(7)
    assert 0 not in side
    assert total == sum(capacity for edge, capacity in edges if flow.enters(edge, side))
