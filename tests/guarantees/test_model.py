"""Random lives on a real server: what is lived through events is what is fetched afresh."""

import asyncio
import os
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.guarantees.village import Village
from tests.support.server import Server

NO_LIMITS = {"RATE_LIMIT": "0", "PRESENCE_GRACE": "0", "LOGIN_ATTEMPTS": "100000"}
EXAMPLES = int(os.environ.get("LIVES", "40"))
STEPS = 40

some = st.integers(0, 5)
texts = st.sampled_from(["hi", "hi @{0}", "@{1} and @{2}", "well"])


class Lives(RuleBasedStateMachine):
    """Three people with two devices each do what people do, some of it twice or offline."""

    runner: asyncio.Runner
    server: Server

    def __init__(self) -> None:
        super().__init__()
        self.village: Village = self.run(Village.settle(self.server))

    def run(self, work: Any) -> Any:
        """Let the world go on for as long as this takes."""
        return self.runner.run(work)

    @rule(who=some)
    def connect(self, who: int) -> None:
        """A device comes, from its cursor."""
        self.run(self.village.connect(who))

    @rule(who=some)
    def drop(self, who: int) -> None:
        """A device loses its connection."""
        self.run(self.village.devices[who].drop())

    @rule(who=some, where=some, text=texts, reply=st.booleans())
    def send(self, who: int, where: int, text: str, reply: bool) -> None:
        """A message, or one for the queue of a device that is offline."""
        self.run(self.village.send(who, where, text, reply))

    @rule(who=some, where=some, text=texts)
    def send_and_drop(self, who: int, where: int, text: str) -> None:
        """A message whose answer is lost."""
        self.run(self.village.send_and_drop(who, where, text))

    @rule(who=some)
    def retry(self, who: int) -> None:
        """A message that was answered is sent again, from another device of the sender."""
        self.run(self.village.retry(who))

    @rule(who=some, others=st.sets(some, max_size=2), named=st.booleans(), shown=st.booleans())
    def create_group(self, who: int, others: set[int], named: bool, shown: bool) -> None:
        """A group."""
        fields = {"name": "Friends"} if named else {}
        members = [self.village.name(each) for each in others]
        self.run(
            self.village.ask(
                who, "create_conversation", members=members, history_shown=shown, **fields
            )
        )

    @rule(who=some, other=some)
    def create_direct(self, who: int, other: int) -> None:
        """A direct conversation."""
        members = [self.village.name(other)]
        self.run(self.village.ask(who, "create_conversation", members=members, kind="direct"))

    @rule(who=some, where=some, other=some)
    def add(self, who: int, where: int, other: int) -> None:
        """Somebody is added to a group."""
        usernames = [self.village.name(other)]
        self.run(self.village.ask_in(who, where, "add_members", usernames=usernames))

    @rule(who=some, where=some, other=some)
    def remove(self, who: int, where: int, other: int) -> None:
        """Somebody is removed from a group."""
        username = self.village.name(other)
        self.run(self.village.ask_in(who, where, "remove_member", username=username))

    @rule(who=some, where=some)
    def leave(self, who: int, where: int) -> None:
        """Somebody leaves a group."""
        self.run(self.village.ask_in(who, where, "leave_conversation"))

    @rule(who=some, where=some, what=st.sampled_from(["rename", "topic", "mute", "archive"]))
    def change(self, who: int, where: int, what: str) -> None:
        """A conversation is changed, for all or for oneself."""
        changes: dict[str, tuple[str, dict[str, Any]]] = {
            "rename": ("rename_conversation", {"name": "Neighbours"}),
            "topic": ("set_topic", {"topic": "the weather"}),
            "mute": ("mute_conversation", {"until": 2_000_000_000}),
            "archive": ("archive_conversation", {"archived": True}),
        }
        type_, fields = changes[what]
        self.run(self.village.ask_in(who, where, type_, **fields))

    @rule(who=some, where=some, other=some, role=st.sampled_from(["owner", "moderator", "member"]))
    def give_role(self, who: int, where: int, other: int, role: str) -> None:
        """A member gets another role."""
        username = self.village.name(other)
        self.run(self.village.ask_in(who, where, "set_role", username=username, role=role))

    @rule(who=some, where=some, which=some, text=texts)
    def edit(self, who: int, where: int, which: int, text: str) -> None:
        """A message is edited."""
        content = self.village.worded(text)
        self.run(self.village.ask_about(who, where, which, "edit_message", content=content))

    @rule(
        who=some, where=some, which=some,
        what=st.sampled_from(["delete_message", "pin_message", "unpin_message"]),
    )  # fmt: skip
    def mark_up(self, who: int, where: int, which: int, what: str) -> None:
        """A message is deleted, pinned or unpinned."""
        self.run(self.village.ask_about(who, where, which, what))

    @rule(
        who=some, where=some, which=some, emoji=st.sampled_from(["👍", "ok"]),
        what=st.sampled_from(["add_reaction", "remove_reaction"]),
    )  # fmt: skip
    def react(self, who: int, where: int, which: int, emoji: str, what: str) -> None:
        """A reaction comes or goes."""
        self.run(self.village.ask_about(who, where, which, what, emoji=emoji))

    @rule(who=some, where=some, which=some, what=st.sampled_from(["mark_read", "mark_delivered"]))
    def read(self, who: int, where: int, which: int, what: str) -> None:
        """Somebody reads."""
        self.run(self.village.mark(who, where, which, what))

    @rule(who=some, where=some, which=some)
    def forward(self, who: int, where: int, which: int) -> None:
        """A message is forwarded into its own conversation."""
        self.run(self.village.forward(who, where, which))

    @rule(who=some, other=some, what=st.sampled_from(["add_contact", "remove_contact"]))
    def contact(self, who: int, other: int, what: str) -> None:
        """A contact comes or goes."""
        self.run(self.village.ask(who, what, contact_username=self.village.name(other)))

    @rule(who=some, other=some, what=st.sampled_from(["block_user", "unblock_user"]))
    def block(self, who: int, other: int, what: str) -> None:
        """Somebody is blocked, or no longer."""
        self.run(self.village.ask(who, what, username=self.village.name(other)))

    @rule(who=some, hide=st.booleans())
    def profile(self, who: int, hide: bool) -> None:
        """Somebody changes their profile."""
        self.run(self.village.ask(who, "update_profile", bio="new", hide_presence=hide))

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


def test_lived_is_what_is_fetched(tmp_path: Path) -> None:
    """After any life, on every device, the state made from events is the state in the database."""
    with asyncio.Runner() as runner:
        server = Server(tmp_path, NO_LIMITS)
        runner.run(server.start())
        Lives.runner, Lives.server = runner, server
        try:
            run_state_machine_as_test(
                Lives,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
                ),
            )
        finally:
            runner.run(server.stop())
            print(server.output)
    assert "Traceback" not in server.output
