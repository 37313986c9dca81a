"""Which article speaks for which: the earliest of everything that copies tie together."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)
Order = tuple[int, str]


class Components(Generic[Node]):
    """Disjoint sets that grow together; each is spoken for by its least member in a given order."""

    def __init__(self, order: dict[Node, Order]) -> None:
        """Every node alone, in an order."""
        self._order = order
        self._parent: dict[Node, Node] = {node: node for node in order}

    def join(self, a: Node, b: Node) -> None:
        """Put the sets of two nodes together."""
        a, b = self.root(a), self.root(b)
        if a != b:
            first, second = (a, b) if self._order[a] <= self._order[b] else (b, a)
            self._parent[second] = first

    def join_all(self, pairs: Iterable[tuple[Node, Node]]) -> None:
        """Put the sets of the two nodes of each pair together."""
        for a, b in pairs:
            self.join(a, b)

    def root(self, node: Node) -> Node:
        """The least node of the set."""
        parent = self._parent
        top = node
        while parent[top] != top:
            top = parent[top]
        while parent[node] != top:  # so that no chain is walked twice
            parent[node], node = top, parent[node]
        return top
