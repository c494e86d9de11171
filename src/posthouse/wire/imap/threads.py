"""The THREAD algorithms of RFC 5256 §3.

Most messages of a mailbox have nothing to do with any other: those are told at a glance, and only the rest is linked.

Invariants
- `parent` and `hanging` say the same, and there is no loop: a link that would close one is not made.
- What it costs grows with the messages and their references: the walks that look for loops share one allowance, and
  when it is used up no more links are made that need one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

WALKED_STEPS = 20_000_000


class Message(NamedTuple):
    """`number` is what is shown, ascending; `subject` the base subject as it is compared.

    `message_id` is empty where there is none; `references` are those of the References field, oldest first, or the one
    of In-Reply-To.
    """

    number: int
    sent_at_ms: int
    subject: str
    is_answer: bool = False
    message_id: str = ""
    references: Sequence[str] = ()


class Node:
    """A message, or (without one) a place that others hang on."""

    __slots__ = ("children", "hanging", "message", "parent")

    def __init__(self, message: Message | None = None) -> None:
        self.message = message
        self.parent: Node | None = None
        self.hanging: dict[Node, None] | None = None  # while links are still undone; then they are `children`
        self.children: list[Node] = []

    @property
    def shown(self) -> Message:
        """The message, or of a dummy the first below it. Dummies that are left have messages as children."""
        message = self.message if self.message is not None else self.children[0].message
        assert message is not None
        return message


def _age(node: Node) -> tuple[int, int]:
    message = node.shown
    return message.sent_at_ms, message.number


# --- ORDEREDSUBJECT --------------------------------------------------------------------------------


def by_ordered_subject(messages: Iterable[Message]) -> list[Node]:
    """Messages of one base subject are a thread: the oldest, and below it all others, by their dates."""
    threads: dict[str, Node] = {}
    for message in sorted(messages, key=lambda one: (one.sent_at_ms, one.number)):
        root = threads.get(message.subject)
        if root is None:
            threads[message.subject] = Node(message)
        else:
            root.children.append(Node(message))
    return list(threads.values())


# --- REFERENCES ------------------------------------------------------------------------------------


class Columns(NamedTuple):
    """Messages, a sequence of all for each of their values; `bases` are base subject and whether it is an answer's.

    `parents` are the ids that each refers to, with spaces between.
    """

    numbers: Sequence[int]
    sent_at_ms: Sequence[int]
    bases: Sequence[tuple[str, bool]]
    message_ids: Sequence[str]
    parents: Sequence[str]

    def at(self, place: int) -> Message:
        return Message(
            self.numbers[place],
            self.sent_at_ms[place],
            *self.bases[place],
            self.message_ids[place],
            self.parents[place].split(),
        )


def referenced(columns: Columns) -> bytes:
    """The threads by REFERENCES, as they are written."""
    together = _together(columns)
    roots = {root.shown.number: root for root in by_references(map(columns.at, together))}
    others = set(together)
    places = [at for at, number in enumerate(columns.numbers) if at not in others or number in roots]
    places.sort(key=columns.sent_at_ms.__getitem__)
    shown = [columns.numbers[at] for at in places]
    if not roots:
        return b"(%d)" * len(shown) % tuple(shown)
    return b"".join(written([roots[number]]) if number in roots else b"(%d)" % number for number in shown)


def _together(columns: Columns) -> list[int]:
    """The places of all that may share a thread: they name others, are named, or share their base subject."""
    named = {parent for parents in columns.parents if parents for parent in parents.split()}
    count = Counter(text for text, _ in columns.bases)
    return [
        at
        for at, ((text, _), message_id, parents) in enumerate(
            zip(columns.bases, columns.message_ids, columns.parents, strict=True)
        )
        if parents or (text and count[text] > 1) or message_id in named
    ]


def by_references(messages: Iterable[Message]) -> list[Node]:
    """Steps 1 to 6 of RFC 5256 §3 REFERENCES."""
    roots = _pruned(_Linker().link(messages))
    _sort_below_dummies(roots)
    roots.sort(key=_age)
    roots = _gathered(roots)
    return _sorted_all(roots)


class _Linker:
    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._alone: list[Node] = []
        self._steps = WALKED_STEPS

    def link(self, messages: Iterable[Message]) -> list[Node]:
        """Step 1 and 2: gives the nodes without a parent."""
        for message in messages:
            last: Node | None = None
            for reference in message.references:
                node = self._node(reference)
                if last is not None and node.parent is None and self._may_hang(node, last):
                    _hang(node, last)
                last = node
            node = self._place(message)
            if node.parent is not None:
                _unhang(node, node.parent)
            if last is not None and self._may_hang(node, last):
                _hang(node, last)
        nodes = [*self._nodes.values(), *self._alone]
        for node in nodes:
            if node.hanging:
                node.children = list(node.hanging)
        return [node for node in nodes if node.parent is None]

    def _node(self, message_id: str) -> Node:
        node = self._nodes.get(message_id)
        if node is None:
            node = self._nodes[message_id] = Node()
        return node

    def _place(self, message: Message) -> Node:
        """An id that another message has already is not this one's."""
        if message.message_id:
            node = self._node(message.message_id)
            if node.message is None:
                node.message = message
                return node
        node = Node(message)
        self._alone.append(node)
        return node

    def _may_hang(self, child: Node, parent: Node) -> bool:
        """Whether no loop would come of it. `child` has no parent, so only the root of `parent` matters."""
        if child is parent:
            return False
        if not child.hanging:
            return True
        step = parent
        while step.parent is not None and self._steps > 0:
            step = step.parent
            self._steps -= 1
        return step is not child and self._steps > 0


def _hang(child: Node, parent: Node) -> None:
    child.parent = parent
    if parent.hanging is None:
        parent.hanging = {}
    parent.hanging[child] = None


def _unhang(child: Node, parent: Node) -> None:
    child.parent = None
    if parent.hanging is not None:
        del parent.hanging[child]


def _pruned(roots: list[Node]) -> list[Node]:
    """Step 3: from the leaves up, dummies go and give their children to their parents; roots keep two and more."""
    for node in reversed(_walked(roots)):
        if not node.children:
            continue
        kept: list[Node] = []
        for child in node.children:
            kept += [child] if child.message is not None else child.children
        node.children = kept
    found: list[Node] = []
    for root in roots:
        if root.message is not None or len(root.children) > 1:
            found.append(root)
        else:
            found += root.children
    return found


def _walked(roots: Iterable[Node]) -> list[Node]:
    """All nodes, parents before their children."""
    found = list(roots)
    for node in found:  # grows while we walk
        if node.children:
            found += node.children
    return found


def _sort_below_dummies(roots: Iterable[Node]) -> None:
    for root in roots:
        if root.message is None:
            root.children.sort(key=_age)


def _gathered(roots: list[Node]) -> list[Node]:
    """Step 5: threads of one base subject become one."""
    table: dict[str, Node] = {}
    for root in roots:
        subject = root.shown.subject
        there = table.get(subject)
        if subject and (there is None or _is_better(root, there)):
            table[subject] = root
    moved: set[Node] = set()
    made: list[Node] = []
    for root in roots:
        there = table.get(root.shown.subject)
        if there is not None and there is not root:
            moved.add(root)
            if not _merged(root, there):
                made.append(_both(there, root))
                moved.add(there)
                table[root.shown.subject] = made[-1]
    return [root for root in [*roots, *made] if root not in moved]


def _is_better(root: Node, there: Node) -> bool:
    if there.message is None:
        return False
    return root.message is None or (there.message.is_answer and not root.message.is_answer)


def _merged(root: Node, there: Node) -> bool:
    """Below the one in the table, if one of the two is above the other."""
    if there.message is None:
        there.children += [root] if root.message is not None else root.children
        return True
    if root.message is not None and root.message.is_answer and not there.message.is_answer:
        there.children.append(root)
        return True
    return False


def _both(first: Node, second: Node) -> Node:
    dummy = Node()
    dummy.children = [first, second]
    return dummy


def _sorted_all(roots: list[Node]) -> list[Node]:
    """Step 6: the youngest siblings first, so that a dummy's first child is the oldest when it is asked."""
    for node in reversed(_walked(roots)):
        if len(node.children) > 1:
            node.children.sort(key=_age)
    return sorted(roots, key=_age)


# --- writing ---------------------------------------------------------------------------------------


def written(roots: Iterable[Node]) -> bytes:
    """`(1 2 (3)(4 5))...` (§4): an only child follows its parent, several are lists."""
    return b"".join(
        b"(%d)" % root.message.number if root.message is not None and not root.children else _written(root)
        for root in roots
    )


def _written(root: Node) -> bytes:
    pieces: list[bytes] = []
    ahead: list[Node | bytes] = [b")", root, b"("]
    while ahead:
        step = ahead.pop()
        if isinstance(step, bytes):
            pieces.append(step)
            continue
        if step.message is not None:
            pieces.append(b"%d" % step.message.number)
            if step.children:
                pieces.append(b" ")
        if len(step.children) == 1:
            ahead.append(step.children[0])
        else:
            ahead += [mark for child in reversed(step.children) for mark in (b")", child, b"(")]
    return b"".join(pieces)
