"""Every request there is, as one tagged union, and the pushes nobody asks for."""

from typing import get_args

from backend.protocol.base import Request, type_of
from backend.protocol.blocks import BlockUser, GetBlocked, UnblockUser
from backend.protocol.connection import DrainingData, Help, Ping, ResumeData, ResumedData, Self
from backend.protocol.contacts import (
    AddContact,
    ContactRequestData,
    GetContactRequests,
    GetContacts,
    RemoveContact,
)
from backend.protocol.conversations import (
    ArchiveConversation,
    CreateConversation,
    GetConversationInfo,
    GetConversations,
    MuteConversation,
    RenameConversation,
    SetTopic,
    Typing,
)
from backend.protocol.files import GetFiles, SetAvatar
from backend.protocol.marks import MarkDelivered, MarkRead, MarkUnread
from backend.protocol.members import (
    AddMembers,
    GetMembers,
    LeaveConversation,
    RemoveMember,
    SetRole,
)
from backend.protocol.messages import (
    DeleteMessage,
    EditMessage,
    ForwardMessage,
    GetMessages,
    SendMessage,
)
from backend.protocol.models import Message, Thing
from backend.protocol.pins import GetPinned, PinMessage, UnpinMessage
from backend.protocol.presence import GetPresence, UserStatus
from backend.protocol.reactions import AddReaction, GetReactions, RemoveReaction
from backend.protocol.reports import ReportMessage
from backend.protocol.search import SearchMessages
from backend.protocol.sessions import EndSession, GetSessions
from backend.protocol.users import GetUser, SearchUsers, UpdateProfile

AnyRequest = (
    Ping | Self | Help
    | AddContact | RemoveContact | GetContacts | GetContactRequests
    | BlockUser | UnblockUser | GetBlocked
    | GetUser | SearchUsers | UpdateProfile
    | GetPresence
    | CreateConversation | GetConversations | GetConversationInfo | RenameConversation
    | SetTopic | SetAvatar | MuteConversation | ArchiveConversation | Typing
    | AddMembers | RemoveMember | LeaveConversation | SetRole | GetMembers
    | SendMessage | ForwardMessage | EditMessage | DeleteMessage | GetMessages
    | SearchMessages | GetFiles
    | PinMessage | UnpinMessage | GetPinned
    | AddReaction | RemoveReaction | GetReactions
    | MarkDelivered | MarkRead | MarkUnread
    | GetSessions | EndSession
    | ReportMessage
)  # fmt: skip

REQUESTS: dict[str, type[Request]] = {type_of(each): each for each in get_args(AnyRequest)}

# Where the push that a request causes is not the request's own type and `data`.
PUSHED_AS: dict[str, tuple[str, object]] = {
    "forward_message": ("send_message", Message),
}

PUSHES: dict[str, tuple[type[Thing], str]] = {
    "contact_request": (ContactRequestData, "to who is asked by `add_contact`"),
    "user_status": (
        UserStatus,
        "to contacts and partners in direct conversations, when somebody comes or goes",
    ),
    "resume": (ResumeData, "first on a socket opened with `cursor`"),
    "resumed": (ResumedData, "when everything missed has been sent"),
    "server_draining": (DrainingData, "before the server goes down"),
}
