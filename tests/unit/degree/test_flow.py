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


def chain(*capacities: int) -> tuple[Flow, list[int], list[int]]:
    """Nodes in a row, with an edge of each capacity between them."""
    flow = Flow()
    nodes = [flow.node() for _ in range(len(capacities) + 1)]
    edges = [flow.edge(*nodes[n : n + 2], capacity) for n, capacity in enumerate(capacities)]
    return flow, nodes, edges


def test_nodes_and_edges_are_numbered_as_they_come() -> None:
    flow, nodes, edges = chain(3, 2)
    assert nodes == [0, 1, 2]
    assert edges == [0, 2]
    assert flow.fill(0, 2) == 2
    assert [flow.carried(edge) for edge in edges] == [2, 2]


def test_a_flow_that_is_full_takes_no_more_until_there_is_more_room() -> None:
    flow, nodes, _ = chain(3, 2)
    assert flow.fill(0, 2) == 2
    assert flow.fill(0, 2) == 0
    extra = flow.edge(nodes[1], nodes[2], 5)
    assert flow.fill(0, 2) == 1
    assert flow.carried(extra) == 1


def test_edges_are_tried_in_the_order_in_which_they_were_added() -> None:
    flow = Flow()
    source, first, second, sink = (flow.node() for _ in range(4))
    one, other = flow.edge(source, first, 4), flow.edge(source, second, 4)
    flow.edge(second, sink, 4)
    flow.edge(first, sink, 4)
    last = flow.edge(sink, flow.node(), 5)
    assert flow.fill(source, 4) == 5
    assert [flow.carried(edge) for edge in (one, other, last)] == [4, 1, 5]


def test_the_side_of_the_sink_is_what_can_still_reach_it() -> None:
    flow, nodes, edges = chain(9, 2, 7)
    flow.fill(0, 3)
    side = flow.reaching(3)
    assert side == {nodes[2], nodes[3]}
    assert [flow.enters(edge, side) for edge in edges] == [False, True, False]
    assert [flow.starts_in(edge, side) for edge in edges] == [False, False, True]


def test_islands_are_the_parts_of_a_side_between_which_no_edge_runs() -> None:
    flow = Flow()
    a, sink, b, c, d, outside = (flow.node() for _ in range(6))
    flow.edge(a, sink, 1)
    flow.edge(c, sink, 1)
    flow.edge(a, d, 1)
    flow.edge(b, c, 1)
    flow.edge(outside, b, 1)
    side = frozenset({a, sink, b, c, d})
    assert flow.islands(side, without=sink) == [{a, d}, {b, c}]
    assert flow.islands(frozenset({sink}), without=sink) == []


def test_a_node_without_edges_is_an_island() -> None:
    flow = Flow()
    nodes = [flow.node() for _ in range(3)]
    assert flow.islands(frozenset(nodes), without=1) == [{0}, {2}]
