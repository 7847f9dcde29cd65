"""Which handler carries out which request: the whole table, in one place."""

from backend.handlers import (
    connection,
    contacts,
    conversations,
    marks,
    members,
    messages,
    people,
    reactions,
    search,
    sessions,
)
from backend.handlers.base import Instant, Read, Table, Write
from backend.protocol import connection as s
from backend.protocol import conversations as c
from backend.protocol import members as g
from backend.protocol import messages as m
from backend.protocol import people as p
from backend.protocol import sessions as e

HANDLERS: Table = {
    s.Ping: Instant(connection.ping),
    s.Self: Read(connection.self_),
    s.Help: Instant(connection.help_),
    p.AddContact: Write(contacts.add_contact),
    p.RemoveContact: Write(contacts.remove_contact),
    p.GetContacts: Read(contacts.get_contacts),
    p.BlockUser: Write(contacts.block_user),
    p.UnblockUser: Write(contacts.unblock_user),
    p.GetBlocked: Read(contacts.get_blocked),
    p.GetUser: Read(people.get_user),
    p.SearchUsers: Read(people.search_users),
    p.GetPresence: Read(people.get_presence),
    p.UpdateProfile: Write(people.update_profile),
    c.CreateConversation: Write(conversations.create_conversation),
    c.GetConversations: Read(conversations.get_conversations),
    c.GetConversationInfo: Read(conversations.get_conversation_info),
    c.RenameConversation: Write(conversations.rename_conversation),
    c.SetTopic: Write(conversations.set_topic),
    c.MuteConversation: Write(conversations.mute_conversation),
    c.ArchiveConversation: Write(conversations.archive_conversation),
    c.Typing: Read(conversations.typing),
    g.AddMembers: Write(members.add_members),
    g.RemoveMember: Write(members.remove_member),
    g.LeaveConversation: Write(members.leave_conversation),
    g.SetRole: Write(members.set_role),
    g.GetMembers: Read(members.get_members),
    m.SendMessage: Write(messages.send_message),
    m.ForwardMessage: Write(messages.forward_message),
    m.EditMessage: Write(messages.edit_message),
    m.DeleteMessage: Write(messages.delete_message),
    m.GetMessages: Read(messages.get_messages),
    m.SearchMessages: Read(search.search_messages),
    m.PinMessage: Write(reactions.pin_message),
    m.UnpinMessage: Write(reactions.unpin_message),
    m.GetPinned: Read(messages.get_pinned),
    m.AddReaction: Write(reactions.add_reaction),
    m.RemoveReaction: Write(reactions.remove_reaction),
    m.MarkDelivered: Write(marks.mark_delivered),
    m.MarkRead: Write(marks.mark_read),
    e.GetSessions: Read(sessions.get_sessions),
    e.EndSession: Write(sessions.end_session),
}
