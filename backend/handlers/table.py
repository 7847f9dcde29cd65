"""Which handler carries out which request: the whole table, in one place."""

from backend.handlers import (
    ahead,
    blocks,
    connection,
    contacts,
    conversations,
    files,
    marks,
    members,
    messages,
    pins,
    presence,
    reactions,
    reports,
    search,
    sessions,
    users,
)
from backend.handlers.base import Instant, Read, Table, Write
from backend.protocol import blocks as on_blocks
from backend.protocol import connection as on_connection
from backend.protocol import contacts as on_contacts
from backend.protocol import conversations as on_conversations
from backend.protocol import files as on_files
from backend.protocol import marks as on_marks
from backend.protocol import members as on_members
from backend.protocol import messages as on_messages
from backend.protocol import pins as on_pins
from backend.protocol import presence as on_presence
from backend.protocol import reactions as on_reactions
from backend.protocol import reports as on_reports
from backend.protocol import search as on_search
from backend.protocol import sessions as on_sessions
from backend.protocol import users as on_users

HANDLERS: Table = {
    on_connection.Ping: Instant(connection.ping),
    on_connection.Self: Read(connection.self_),
    on_connection.Help: Instant(connection.help_),
    on_contacts.AddContact: Write(contacts.add_contact),
    on_contacts.RemoveContact: Write(contacts.remove_contact),
    on_contacts.GetContacts: Read(contacts.get_contacts),
    on_contacts.GetContactRequests: Read(contacts.get_contact_requests),
    on_blocks.BlockUser: Write(blocks.block_user),
    on_blocks.UnblockUser: Write(blocks.unblock_user),
    on_blocks.GetBlocked: Read(blocks.get_blocked),
    on_users.GetUser: Read(users.get_user),
    on_users.SearchUsers: Read(users.search_users),
    on_users.UpdateProfile: Write(users.update_profile),
    on_presence.GetPresence: Read(presence.get_presence),
    on_conversations.CreateConversation: Write(conversations.create_conversation),
    on_conversations.GetConversations: Read(conversations.get_conversations),
    on_conversations.GetConversationInfo: Read(conversations.get_conversation_info),
    on_conversations.RenameConversation: Write(conversations.rename_conversation),
    on_conversations.SetTopic: Write(conversations.set_topic),
    on_files.SetAvatar: Write(files.set_avatar),
    on_files.GetFiles: Read(files.get_files),
    on_conversations.MuteConversation: Write(conversations.mute_conversation),
    on_conversations.ArchiveConversation: Write(conversations.archive_conversation),
    on_conversations.Typing: Read(conversations.typing),
    on_members.AddMembers: Write(members.add_members),
    on_members.RemoveMember: Write(members.remove_member),
    on_members.LeaveConversation: Write(members.leave_conversation),
    on_members.SetRole: Write(members.set_role),
    on_members.GetMembers: Read(members.get_members),
    on_messages.SendMessage: Write(messages.send_message, ahead.of_sending),
    on_messages.ForwardMessage: Write(messages.forward_message),
    on_messages.EditMessage: Write(messages.edit_message, ahead.of_editing),
    on_messages.DeleteMessage: Write(messages.delete_message),
    on_messages.GetMessages: Read(messages.get_messages),
    on_search.SearchMessages: Read(search.search_messages),
    on_pins.PinMessage: Write(pins.pin_message),
    on_pins.UnpinMessage: Write(pins.unpin_message),
    on_pins.GetPinned: Read(pins.get_pinned),
    on_reactions.AddReaction: Write(reactions.add_reaction, ahead.of_reacting),
    on_reactions.RemoveReaction: Write(reactions.remove_reaction),
    on_reactions.GetReactions: Read(reactions.get_reactions),
    on_marks.MarkDelivered: Write(marks.mark_delivered, ahead.of_marking),
    on_marks.MarkRead: Write(marks.mark_read, ahead.of_marking),
    on_marks.MarkUnread: Write(marks.mark_unread),
    on_sessions.GetSessions: Read(sessions.get_sessions),
    on_sessions.EndSession: Write(sessions.end_session),
    on_reports.ReportMessage: Write(reports.report_message),
}
