"""Random lives on a real server: what is lived through events is what is fetched afresh."""

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.guarantees import choices
from tests.guarantees.village import Choice, Village
from tests.support.engine import IS_POSTGRES
from tests.support.server import Server

pytestmark = pytest.mark.process

NO_LIMITS = {"RATE_LIMIT": "0", "PRESENCE_GRACE": "0", "LOGIN_ATTEMPTS": "100000"}
EXAMPLES = int(os.environ.get("LIVES", "15" if IS_POSTGRES else "60"))  # each takes longer there
STEPS = 80


def of_lives(examples: int, steps: int) -> settings:
    """So many lives of so many steps, however long they take; a failing one is not made shorter."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )


picks = st.integers(0, 10_000)
devices = st.integers(0, 5)
texts = st.sampled_from(["hi", "hi @{0}", "@{1} and @{2}", "well"])


class Lives(RuleBasedStateMachine):
    """Three people with two devices each do what people do, some of it twice or offline."""

    runner: asyncio.Runner
    server: Server
    done: Counter[str]
    kind: type[Village] = Village

    def __init__(self) -> None:
        super().__init__()
        self.village: Village = self.run(self.kind.settle(self.server))

    def run(self, work: Any) -> Any:
        """Let the world go on for as long as this takes."""
        return self.runner.run(work)

    def do(self, pick: int, possible: list[Choice]) -> None:
        """One of the things that are possible now."""
        self.run(self.village.do(pick, possible))

    @rule(who=devices)
    def connect(self, who: int) -> None:
        """A device comes, from its cursor."""
        self.run(self.village.connect(who))

    @rule(who=devices)
    def drop(self, who: int) -> None:
        """A device loses its connection."""
        self.run(self.village.devices[who].drop())

    @rule(pick=picks, text=texts, reply=st.booleans())
    def send(self, pick: int, text: str, reply: bool) -> None:
        """A message, or one for the queue of a device that is offline."""
        self.run(self.village.send(pick, text, reply))

    @rule(pick=picks, text=texts)
    def send_and_drop(self, pick: int, text: str) -> None:
        """A message whose answer is lost."""
        self.run(self.village.send_and_drop(pick, text))

    @rule(who=devices)
    def retry(self, who: int) -> None:
        """A message that was answered is sent again, from another device of the sender."""
        self.run(self.village.retry(who))

    @rule(pick=picks, others=st.sets(devices, max_size=2), shown=st.booleans())
    def create_group(self, pick: int, others: set[int], shown: bool) -> None:
        """A group."""
        self.do(pick, choices.create(self.village, others, history_shown=shown))

    @rule(pick=picks, other=devices)
    def create_direct(self, pick: int, other: int) -> None:
        """A direct conversation."""
        self.do(pick, choices.create(self.village, [other], kind="direct"))

    @rule(pick=picks)
    def add(self, pick: int) -> None:
        """Somebody is added to a group."""
        self.do(pick, choices.add(self.village))

    @rule(pick=picks)
    def remove(self, pick: int) -> None:
        """Somebody is removed from a group."""
        self.do(pick, choices.remove(self.village))

    @rule(pick=picks)
    def leave(self, pick: int) -> None:
        """Somebody leaves a group."""
        self.do(pick, choices.leave(self.village))

    @rule(pick=picks, what=st.sampled_from(["rename", "topic"]))
    def change(self, pick: int, what: str) -> None:
        """A group is changed for all."""
        run_by = choices.groups(self.village, "owner", "moderator")
        rename = choices.about(run_by, "rename_conversation", name="Neighbours")
        topic = choices.about(run_by, "set_topic", topic="the weather")
        self.do(pick, rename if what == "rename" else topic)

    @rule(pick=picks, archived=st.booleans(), until=st.sampled_from([None, 2_000_000_000]))
    def put_away(self, pick: int, archived: bool, until: int | None) -> None:
        """A conversation is muted and archived by one of its members."""
        known = choices.known(self.village)
        self.do(pick, choices.about(known, "archive_conversation", archived=archived))
        self.do(pick, choices.about(known, "mute_conversation", until=until))

    @rule(pick=picks, role=st.sampled_from(["owner", "moderator", "member"]))
    def give_role(self, pick: int, role: str) -> None:
        """A member gets another role."""
        self.do(pick, choices.give_role(self.village, role))

    @rule(pick=picks, text=texts)
    def edit(self, pick: int, text: str) -> None:
        """A message is edited."""
        own = choices.texts(self.village, own=True)
        self.do(pick, choices.of_message(own, "edit_message", content=self.village.worded(text)))

    @rule(pick=picks, what=st.sampled_from(["delete_message", "pin_message", "unpin_message"]))
    def mark_up(self, pick: int, what: str) -> None:
        """A message is deleted, pinned or unpinned."""
        self.do(pick, choices.of_message(choices.texts(self.village), what))

    @rule(
        pick=picks, emoji=st.sampled_from(["👍", "ok"]),
        what=st.sampled_from(["add_reaction", "remove_reaction"]),
    )  # fmt: skip
    def react(self, pick: int, emoji: str, what: str) -> None:
        """A reaction comes or goes."""
        self.do(pick, choices.of_message(choices.texts(self.village), what, emoji=emoji))

    @rule(pick=picks, what=st.sampled_from(["mark_read", "mark_delivered"]))
    def read(self, pick: int, what: str) -> None:
        """Somebody reads."""
        self.do(pick, choices.mark(self.village, what))

    @rule(pick=picks, marked=st.booleans())
    def mark_unread(self, pick: int, marked: bool) -> None:
        """Somebody wants to come back to a conversation, or no more."""
        known = choices.known(self.village)
        self.do(pick, choices.about(known, "mark_unread", marked=marked))

    @rule(pick=picks)
    def forward(self, pick: int) -> None:
        """A message is forwarded."""
        self.do(pick, choices.forward(self.village))

    @rule(pick=picks, what=st.sampled_from(["add_contact", "remove_contact"]))
    def contact(self, pick: int, what: str) -> None:
        """A contact comes or goes."""
        self.do(pick, choices.contact(self.village, what))

    @rule(pick=picks, what=st.sampled_from(["block_user", "unblock_user", "unblock_user"]))
    def block(self, pick: int, what: str) -> None:
        """Somebody is blocked, or no longer."""
        self.do(pick, choices.block(self.village, what))

    @rule(pick=picks, hide=st.booleans())
    def profile(self, pick: int, hide: bool) -> None:
        """Somebody changes their profile."""
        self.do(pick, choices.profile(self.village, hide))

    @precondition(lambda self: not self.village.copied)
    @rule()
    def copy(self) -> None:
        """The database is copied while it runs."""
        self.run(self.village.copy())

    @precondition(lambda self: self.village.copied and not self.village.restored)
    @rule()
    def restore(self) -> None:
        """The copy replaces the database."""
        self.run(self.village.restore())

    @rule()
    def compare(self) -> None:
        """Every device that is connected knows what it would fetch."""
        self.run(self.village.compare())

    def teardown(self) -> None:
        """All come back; nothing may be missing then."""
        self.run(self.village.finish())
        self.done.update(self.village.done)


def test_lived_is_what_is_fetched(tmp_path: Path) -> None:
    """After any life, on every device, the state made from events is the state in the database."""
    with asyncio.Runner() as runner:
        server = Server(tmp_path, NO_LIMITS)
        runner.run(server.start())
        Lives.runner, Lives.server, Lives.done = runner, server, Counter()
        try:
            run_state_machine_as_test(
                Lives,
                settings=of_lives(EXAMPLES, STEPS),
            )
        finally:
            runner.run(server.stop())
            print(server.output, dict(Lives.done))
    assert "Traceback" not in server.output
    assert len(Lives.done) > 15, f"too little happened, this proved nothing: {Lives.done}"
