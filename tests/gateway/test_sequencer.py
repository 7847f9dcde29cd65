"""One socket's order, in every interleaving of what is asked and what happens meanwhile."""

from collections import deque
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from backend.gateway.sequencer import MAX_WRITES, Sequencer

KINDS = ("write", "read", "instant", "refused write", "failed read")


class Sent(NamedTuple):
    """A frame: `number` of the request it replies to, or None; `at`, None where there is none."""

    number: int | None
    at: int | None
    is_durable: bool


class Play:
    """A socket, a log and a hub, moved one step at a time by what is drawn."""

    def __init__(self, kinds: list[str]) -> None:
        self.sequencer = Sequencer()
        self.asked = deque(enumerate(kinds))
        self.log = 0  # committed up to here
        self.delivered = 0
        self.pushes: set[int] = set()
        self.writes: deque[tuple[int, bool]] = deque()  # submitted: number, whether it is refused
        self.settled: deque[tuple[int | None, int | None]] = deque()  # of the log: (row, number)
        self.read: tuple[int, int | None] | None = None  # number, the place it was made at
        self.failing = False
        self.may_write = True
        self.sent: list[Sent] = []

    def moves(self) -> list[str]:
        """What can happen next, besides a push."""
        moves = []
        if self.asked:
            kind = self.asked[0][1]
            may_write = self.read is None and self.may_write
            if may_write if kind.endswith("write") else self.sequencer.may_answer:
                moves.append("ask")
        if self.writes:
            moves.append("commit")
        if self.settled:
            moves.append("deliver")
        if self.read is not None and self.read[1] is None:
            moves.append("look")
        if self.read is not None and self.read[1] is not None and self.read[1] <= self.delivered:
            moves.append("answer")
        return moves

    def move(self, name: str) -> None:
        """Let it happen."""
        getattr(self, name)()

    def push(self) -> None:
        """Somebody else's row is committed."""
        self.log += 1
        self.pushes.add(self.log)
        self.settled.append((self.log, None))

    def ask(self) -> None:
        """The socket's next request begins."""
        number, kind = self.asked.popleft()
        if kind.endswith("write"):
            self.may_write = self.sequencer.begin_write()
            self.writes.append((number, kind == "refused write"))
        elif kind.endswith("read"):
            self.sequencer.begin_read()
            self.read, self.failing = (number, None), kind == "failed read"
        else:
            at = self.sequencer.cursor_at(self.delivered)
            self.sent.append(Sent(number, at, False))

    def commit(self) -> None:
        """The oldest write under way is committed, or refused."""
        number, is_refused = self.writes.popleft()
        if is_refused:
            self.settled.append((None, number))
        else:
            self.log += 1
            self.settled.append((self.log, number))

    def deliver(self) -> None:
        """The hub goes one step on: the asker is told of a write, then everybody of the row."""
        row, number = self.settled.popleft()
        if number is not None:
            self.sent.append(Sent(number, row, row is not None))
            self.may_write = self.sequencer.end_write(row) or self.may_write
        if row is None:
            return
        if row > self.sequencer.gate:
            self.sent.append(Sent(None, row, True))
        else:
            self.sequencer.hold(row, str(row).encode())
        self.delivered = row

    def look(self) -> None:
        """The read is made, in a snapshot of what is committed by now."""
        assert self.read is not None
        self.read = (self.read[0], self.log)

    def answer(self) -> None:
        """Everything that the read saw has been delivered: it is over."""
        assert self.read is not None
        number, at = self.read
        at = None if self.failing else at
        order = self.sequencer.end_read(at)
        self.sent += [Sent(None, int(head), True) for head in order.before]
        self.sent.append(Sent(number, at, False))
        self.sent += [Sent(None, int(head), True) for head in order.after]
        self.read = None


@given(
    st.lists(st.sampled_from(KINDS), min_size=3, max_size=9),
    st.lists(st.integers(0, 59), min_size=40, max_size=40),
)
def test_every_interleaving_keeps_the_order(kinds: list[str], choices: list[int]) -> None:
    """Replies in the order of the requests, `at` rising, a read's reply in its place, all once."""
    play = Play(kinds)
    for choice in choices:
        moves = ["push", *play.moves()]
        play.move(moves[choice % len(moves)])
    while moves := play.moves():  # what is begun is brought to its end
        play.move(moves[0])
    sent = play.sent
    assert [each.number for each in sent if each.number is not None] == list(range(len(kinds)))
    rows = [each.at for each in sent if each.is_durable]
    assert rows == list(range(1, play.delivered + 1))
    before = 0
    for index, each in enumerate(sent):
        after = [later.at for later in sent[index:] if later.is_durable and later is not each]
        if each.is_durable:
            before = each.at or 0
        elif each.at is not None:
            assert before <= each.at
            assert after == list(range(each.at + 1, play.delivered + 1))


def test_rows_up_to_where_it_joined_are_not_for_it() -> None:
    """A reply's cursor names that place too, when the hub has not come so far."""
    sequencer = Sequencer()
    sequencer.skip(7)
    assert sequencer.cursor_at(5) == 7
    assert sequencer.cursor_at(9) == 9


def test_only_so_many_writes_are_under_way() -> None:
    """At the limit no more may begin, and who waits is told when half of them are settled."""
    sequencer = Sequencer()
    began = [sequencer.begin_write() for _ in range(MAX_WRITES)]
    assert began == [True] * (MAX_WRITES - 1) + [False]
    told = [left for left in reversed(range(MAX_WRITES)) if sequencer.end_write(None)]
    assert told == [MAX_WRITES // 2, 0]


def test_what_is_not_for_the_socket_is_not_held_either() -> None:
    """A row up to where it joined may come while a read is under way."""
    sequencer = Sequencer()
    sequencer.skip(1)
    sequencer.begin_read()
    for at in (1, 2):
        sequencer.hold(at, b"%d" % at)
    assert sequencer.end_read(2) == ([b"2"], [])
