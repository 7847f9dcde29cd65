"""Conversations as a whole: made, listed, told about, renamed, muted."""

from backend import views
from backend.handlers.base import (
    TYPING_MS,
    Answer,
    Ephemeral,
    member_of,
    page_size,
    publish,
    still_here,
)
from backend.handlers.contacts import check_reach
from backend.handlers.post import post_system_message
from backend.protocol.conversations import (
    ArchiveConversation,
    ConversationMeData,
    CreateConversation,
    GetConversationInfo,
    GetConversations,
    MuteConversation,
    RenameConversation,
    RenamedData,
    SetTopic,
    TopicData,
    Typing,
    TypingData,
)
from backend.protocol.errors import Code, Refused
from backend.protocol.names import check_name
from backend.store import contacts, conversations, log, members, messages, users
from backend.store.conversations import Membership
from backend.store.engine.db import Db
from backend.store.log import Audience, Effect, now_ms
from backend.store.users import UserRow
from backend.views.viewer import Viewer

HOUR_MS = 3_600_000
CLIENT_ID_MS = 90 * 24 * HOUR_MS


def create_conversation(db: Db, me: Viewer, request: CreateConversation) -> Answer:
    """Start a conversation, or find the direct one or the one of this `client_id`."""
    if request.client_id is not None:
        found = conversations.by_client_id(db, me.id, request.client_id)
        if found is not None:
            return existing(db, me, found, {"status": "exists", "duplicate": True})
    still_here(db, me)
    if request.name is not None:
        check_name(request.name)
    others = people(db, me, request.members, "members")
    if request.kind == "direct":
        if len(others) != 1:
            text = "members: expected exactly one other user in a direct conversation"
            raise Refused(Code.INVALID_REQUEST, text, "members")
        if request.name is not None:
            text = "name: a direct conversation has no name of its own"
            raise Refused(Code.INVALID_REQUEST, text, "name")
        found = conversations.direct(db, me.id, others[0].id)
        if found is not None:
            _note_client_id(db, me, request, found)
            return existing(db, me, found, {"status": "exists"})
    check_reach(db, me, others, "members")
    check_size(me, len(others) + 1, "members")
    check_room(db, me)
    if request.kind == "group":
        check_put(db, me, [other.id for other in others])
    joined_id = log.reserve(db)
    conversation_id = _insert(db, me, request, others, joined_id)
    _note_client_id(db, me, request, conversation_id)
    return _tell_created(db, me, conversation_id, others, joined_id)


def _note_client_id(db: Db, me: Viewer, request: CreateConversation, conversation_id: int) -> None:
    """A group's for ever; a direct one may be found under ever new ones, and by its pair anyway."""
    if request.client_id is not None:
        expires_at = None if request.kind == "group" else now_ms() + CLIENT_ID_MS
        conversations.note_client_id(db, me.id, request.client_id, conversation_id, expires_at)


def existing(db: Db, me: Viewer, conversation_id: int, extras: dict[str, object]) -> Answer:
    """A conversation that was there before; of one the viewer has since left, only that."""
    membership = conversations.find(db, me.id, conversation_id)
    if membership is not None:
        return Answer(views.conversation.for_viewer(db, me, [membership])[0], extras=extras)
    return Answer(
        views.conversation.as_left(conversations.known(db, conversation_id)), extras=extras
    )


def people(db: Db, me: Viewer, usernames: list[str], field: str) -> list[UserRow]:
    """The users of those names, once each, without the viewer; refused if there is one not."""
    known = users.by_usernames(db, usernames)
    found: dict[int, UserRow] = {}
    for username in usernames:
        row = known.get(users.fold(username))
        if row is None:
            raise Refused(Code.NOT_FOUND, f"'{username}' is not a valid username", field)
        if row.id != me.id:
            found[row.id] = row
    return list(found.values())


def check_room(db: Db, me: Viewer) -> None:
    """Refuse when the viewer is in too many conversations of their own; others' do not count."""
    limit = me.limits["MAX_CONVERSATIONS"]
    if members.count_begun(db, me.id) >= limit:
        raise Refused(Code.TOO_LARGE, f"a user can begin at most {limit} conversations")


def check_put(db: Db, me: Viewer, user_ids: list[int], conversation_id: int = 0) -> None:
    """Refuse to put others into a group: when one of them is in too many, or the viewer has put
    others into too many lately; one more time into the same does not count."""
    if not user_ids:
        return
    limit = me.limits["MAX_CONVERSATIONS"]
    if members.is_one_crowded(db, user_ids, limit):
        raise Refused(Code.TOO_LARGE, f"a user can be in at most {limit} groups")
    hourly, since = me.limits["MAX_GROUPS_PER_HOUR"], now_ms() - HOUR_MS
    count, first = messages.groups_put_into(db, me.id, since, conversation_id)
    if count >= hourly:
        text = f"others can be put into at most {hourly} groups an hour"
        raise Refused(Code.RATE_LIMITED, text, retry_after_ms=max(1, first - since))


def check_size(me: Viewer, count: int, field: str) -> None:
    """Refuse when a group would have too many members."""
    limit = me.limits["MAX_MEMBERS"]
    if count > limit:
        raise Refused(Code.TOO_LARGE, f"a group has at most {limit} members", field)


def made_name(db: Db, conversation_id: int, limit: int) -> str:
    """The name of a conversation that was given none: who began it, as many as fit."""
    name = ", ".join(members.founders(db, conversation_id))
    return name if len(name) <= limit else f"{name[: limit - 1]}…"


def _insert(
    db: Db, me: Viewer, request: CreateConversation, others: list[UserRow], joined_id: int
) -> int:
    now = now_ms()
    direct = request.kind == "direct"
    conversation_id = conversations.create(
        db,
        {
            "kind": request.kind,
            "name": request.name or "",
            "named": int(request.name is not None),
            "history_shown": int(request.history_shown),
            "direct_key": conversations.direct_key(me.id, others[0].id) if direct else None,
            "created_by": me.id,
            "created_at": now,
            "updated_at": now,
            "activity": joined_id,
            "member_count": len(others) + 1,
        },
    )
    membership = {"joined_id": joined_id, "first_id": 0, "read": (0, 0)}
    role = "member" if direct else "owner"
    members.join(db, conversation_id, [me.id], role=role, **membership)  # type: ignore[arg-type]
    members.join(db, conversation_id, [o.id for o in others], **membership)  # type: ignore[arg-type]
    if request.name is None:
        name = made_name(db, conversation_id, me.limits["MAX_NAME_LENGTH"])
        conversations.update(db, conversation_id, {"name": name})
    return conversation_id


def _tell_created(
    db: Db, me: Viewer, conversation_id: int, others: list[UserRow], joined_id: int
) -> Answer:
    row = conversations.known(db, conversation_id)
    join = (me.id, *(other.id for other in others))
    pair = (me.id, others[0].id) if row.kind == "direct" else None
    effect = Effect(join=join, watchers=pair)
    if others:  # what is theirs is alike for all who have just joined
        member = conversations.find(db, others[0].id, conversation_id)
        assert member is not None
        data = views.conversation.for_member(db, member)
    else:
        (data,) = views.conversation.for_everyone(db, [row])
    publish(
        db, Audience.CONVERSATION, conversation_id, "create_conversation", data,
        skip_user=me.id, effect=effect, log_id=joined_id,
    )  # fmt: skip
    membership = member_of(db, me, conversation_id, "id")
    mine = views.conversation.for_creator(db, membership)
    own = publish(db, Audience.USER, me.id, "create_conversation", mine)
    if row.kind == "group":
        post_system_message(db, row.id, me.id, "created", [other.id for other in others])
    return Answer(log_id=own, extras={"status": "created"})


def get_conversations(db: Db, me: Viewer, request: GetConversations) -> Answer:
    """A page of the viewer's conversations, the latest activity first."""
    limit = page_size(me, request.limit, 100)
    memberships = conversations.of_user(db, me.id, request.before, limit + 1)
    page = memberships[:limit]
    more = len(memberships) > limit
    extras = {"more": more, "next": page[-1].activity if more else None}
    return Answer(views.conversation.for_viewer(db, me, page), extras=extras)


def get_conversation_info(db: Db, me: Viewer, request: GetConversationInfo) -> Answer:
    """One conversation, with its receipts."""
    if (request.id is None) == (request.client_id is None):
        raise Refused(Code.INVALID_REQUEST, "id: expected either id or client_id", "id")
    if request.client_id is None:
        membership = member_of(db, me, request.id or 0, "id")
    else:
        id_ = called(db, me, request.client_id, "client_id")
        membership = member_of(db, me, id_, "client_id")
    return Answer(views.conversation.with_receipts(db, me, membership))


def called(db: Db, me: Viewer, client_id: str, field: str) -> int:
    """The id of the conversation that the viewer has begun, or found, under a `client_id`."""
    found = conversations.by_client_id(db, me.id, client_id)
    if found is None:
        raise Refused(Code.NOT_FOUND, f"{field}: no conversation was created under it", field)
    return found


def group_run_by(db: Db, me: Viewer, conversation_id: int) -> Membership:
    """The viewer's membership in a group they own or moderate."""
    membership = member_of(db, me, conversation_id, "conversation_id")
    if membership.kind != "group":
        text = "conversation_id: expected a group, not a direct conversation"
        raise Refused(Code.FORBIDDEN, text, "conversation_id")
    if membership.role == "member":
        text = "only an owner or a moderator may do that"
        raise Refused(Code.FORBIDDEN, text, "conversation_id")
    return membership


def rename_conversation(db: Db, me: Viewer, request: RenameConversation) -> Answer:
    """Give a group a name; the timeline says so."""
    check_name(request.name)
    membership = group_run_by(db, me, request.conversation_id)
    conversations.update(
        db, membership.id, {"name": request.name, "named": 1, "updated_at": now_ms()}
    )
    data = RenamedData(conversation_id=membership.id, name=request.name, named=True)
    row = publish(db, Audience.CONVERSATION, membership.id, "rename_conversation", data)
    post_system_message(db, membership.id, me.id, "renamed", text=request.name)
    return Answer(log_id=row)


def set_topic(db: Db, me: Viewer, request: SetTopic) -> Answer:
    """Say what a group is about."""
    membership = group_run_by(db, me, request.conversation_id)
    conversations.update(db, membership.id, {"topic": request.topic, "updated_at": now_ms()})
    data = TopicData(conversation_id=membership.id, topic=request.topic)
    return Answer(log_id=publish(db, Audience.CONVERSATION, membership.id, "set_topic", data))


def mute_conversation(db: Db, me: Viewer, request: MuteConversation) -> Answer:
    """Mute a conversation for the viewer until a time."""
    if request.until is not None and request.until * 1000 <= now_ms():
        text = "until: expected a time to come, or null"
        raise Refused(Code.INVALID_REQUEST, text, "until")
    return _set_own(db, me, "mute_conversation", request, {"muted_until": request.until})


def archive_conversation(db: Db, me: Viewer, request: ArchiveConversation) -> Answer:
    """Put a conversation into the viewer's archive, or take it out."""
    return _set_own(db, me, "archive_conversation", request, {"archived": int(request.archived)})


def _set_own(
    db: Db,
    me: Viewer,
    type_: str,
    request: MuteConversation | ArchiveConversation,
    values: dict[str, object],
) -> Answer:
    member_of(db, me, request.conversation_id, "conversation_id")
    members.update(db, request.conversation_id, me.id, values)
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    mine = views.conversation.own_part(db, membership)
    data = ConversationMeData(conversation_id=membership.id, me=mine)
    return Answer(log_id=publish(db, Audience.USER, me.id, type_, data))


def typing(db: Db, me: Viewer, request: Typing) -> Answer:
    """Let the other members who are online know that the viewer is typing."""
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    data = TypingData(
        conversation_id=membership.id,
        username=me.username,
        active=request.active,
        expires_in_ms=TYPING_MS if request.active else 0,
    )
    if membership.closed:
        return Answer(data)
    blocked = contacts.estranged_members(db, me.id, membership.id)
    return Answer(data, ephemeral=Ephemeral(membership.id, "typing", data, request.active, blocked))
