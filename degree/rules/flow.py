"""Maximum flow by Dinic's algorithm, in whole numbers, for networks of a few hundred edges.

Source: E. A. Dinic, Soviet Mathematics Doklady 11 (1970). Edges are tried in the order in which
they were added, so the same network always carries the same flow.
"""

from collections import deque
from typing import Final

UNBOUNDED: Final = 10**9  # tenths of credit; far above any sum of credits


class Flow:
    """A directed network. Nodes are whole numbers from `node()`; capacities are not negative."""

    __slots__ = ("_at", "_depth", "_next", "_room", "_to")

    def __init__(self) -> None:
        self._at: list[list[int]] = []  # edges that leave each node; edge e ^ 1 is its reverse
        self._to: list[int] = []
        self._room: list[int] = []
        self._depth: list[int] = []
        self._next: list[int] = []

    def node(self) -> int:
        """A new node; its number names it in edges."""
        self._at.append([])
        return len(self._at) - 1

    def edge(self, start: int, end: int, capacity: int) -> int:
        """A new edge; its number asks `carried` later."""
        number = len(self._to)
        self._to += (end, start)
        self._room += (capacity, 0)
        self._at[start].append(number)
        self._at[end].append(number + 1)
        return number

    def enters(self, edge: int, side: frozenset[int]) -> bool:
        """Whether the edge leads into `side` from outside."""
        return self._to[edge] in side and self._to[edge ^ 1] not in side

    def carried(self, edge: int) -> int:
        """The flow that runs through an edge."""
        return self._room[edge ^ 1]

    def fill(self, source: int, sink: int) -> int:
        """Raise the flow to its maximum; what was added."""
        added = 0
        while self._layered(source, sink):
            self._next = [0] * len(self._at)
            while pushed := self._push(source, sink, UNBOUNDED):
                added += pushed
        return added

    def reaching(self, sink: int) -> frozenset[int]:
        """The nodes from which more could still flow to the sink: one side of a minimum cut."""
        found, queue = {sink}, deque([sink])
        while queue:
            for edge in self._at[queue.popleft()]:
                before = self._to[edge]
                if self._room[edge ^ 1] and before not in found:
                    found.add(before)
                    queue.append(before)
        return frozenset(found)

    def starts_in(self, edge: int, side: frozenset[int]) -> bool:
        """Whether the edge leaves a node of `side`."""
        return self._to[edge ^ 1] in side

    def islands(self, side: frozenset[int], *, without: int) -> list[frozenset[int]]:
        """The parts of `side`, less one node, between which no edge runs; in order of nodes."""
        left, islands = set(side) - {without}, []
        while left:
            found, queue = set(), deque([min(left)])
            while queue:
                node = queue.popleft()
                if node in left:
                    left.remove(node)
                    found.add(node)
                    queue.extend(self._to[edge] for edge in self._at[node])
            islands.append(frozenset(found))
        return islands

    def _layered(self, source: int, sink: int) -> bool:
        depth = [-1] * len(self._at)
        depth[source] = 0
        queue = deque([source])
        while queue and depth[sink] < 0:
            node = queue.popleft()
            for edge in self._at[node]:
                if self._room[edge] and depth[self._to[edge]] < 0:
                    depth[self._to[edge]] = depth[node] + 1
                    queue.append(self._to[edge])
        self._depth = depth
        return depth[sink] >= 0

    def _push(self, node: int, sink: int, amount: int) -> int:
        """Send up to `amount` from `node` along one path of the layers; recursion is shallow."""
        if node == sink:
            return amount
        edges = self._at[node]
        while self._next[node] < len(edges):
            edge = edges[self._next[node]]
            end, room = self._to[edge], self._room[edge]
            if room and self._depth[end] == self._depth[node] + 1:
                sent = self._push(end, sink, min(amount, room))
                if sent:
                    self._room[edge] -= sent
                    self._room[edge ^ 1] += sent
                    return sent
            self._next[node] += 1
        return 0
