/** What goes over the wire. Made by `make docs` from the structs of backend/protocol. */

/** A file. `width` and `height` are pixels as a picture is seen; null where there are none. `url` and `thumbnail` are paths, answered to whoever may read the message. `waveform` is how loud a recording is over its time, 0 to 100. */
export interface Attachment {
  id: number;
  name: string;
  mime_type: string;
  size: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  waveform: readonly number[] | null;
  thumbnail: string | null;
  url: string;
  created_at: number;
}

/** A group's new avatar, null for none; see User for what the path is. */
export interface AvatarData {
  conversation_id: number;
  avatar: string | null;
}

/** A contact that was added (or asked to be one), with a sentence for people. */
export interface ContactData {
  message: string;
  contact: User;
}

/** Somebody asks to be one's contact. */
export interface ContactRequestData {
  user: User;
}

/** Who asks to be one's contact, the oldest request first. */
export interface ContactRequestsData {
  users: readonly User[];
}

/** The contact list: usernames in alphabetical order, and the same people in full. */
export interface ContactsData {
  message: string;
  contacts: readonly string[];
  users: readonly User[];
}

/** A conversation. `activity` is the `at` of the last message somebody wrote in it, or of its beginning; lists are ordered by it. `last_message` is that message, null if the viewer may not read it. `members` are usernames, at most 100; `participants` at most 10 of them in full, in a direct conversation both. `delivered_to_all_id` and `read_by_all_id` are message ids, null in groups over 100 members and in a direct conversation whose other member cannot be reached. */
export interface Conversation {
  id: number;
  kind: 'direct' | 'group';
  name: string;
  named: boolean;
  topic: string;
  avatar: string | null;
  history_shown: boolean;
  created_at: number;
  updated_at: number;
  activity: number;
  member_count: number;
  members: readonly string[];
  participants: readonly User[];
  last_message: Message | null;
  delivered_to_all_id: number | null;
  read_by_all_id: number | null;
  me?: ConversationMe;
}

/** One conversation, with how far its first 100 members have read (empty above 100). */
export interface ConversationInfo {
  id: number;
  kind: 'direct' | 'group';
  name: string;
  named: boolean;
  topic: string;
  avatar: string | null;
  history_shown: boolean;
  created_at: number;
  updated_at: number;
  activity: number;
  member_count: number;
  members: readonly string[];
  participants: readonly User[];
  last_message: Message | null;
  delivered_to_all_id: number | null;
  read_by_all_id: number | null;
  me?: ConversationMe;
  receipts: readonly Receipt[];
}

/** The viewer's part of a conversation; `muted_until` is Unix seconds. `marked_unread` is the viewer's own mark (`mark_unread`), whatever there is to read. */
export interface ConversationMe {
  unread_count: number;
  mention_count: number;
  first_unread_id: number | null;
  last_read_id: number;
  role: 'member' | 'moderator' | 'owner';
  muted_until: number | null;
  archived: boolean;
  marked_unread: boolean;
}

/** One's own part of a conversation. */
export interface ConversationMeData {
  conversation_id: number;
  me: ConversationMe;
}

/** The server is going down; come back after this many milliseconds, different for each. */
export interface DrainingData {
  reconnect_after_ms: number;
}

/** One field of a request; `limit` is in words, with the setting that sets it. */
export interface FieldHelp {
  type: string;
  required: boolean;
  default: string | number | boolean | null;
  limit: string | null;
}

/** Files, newest first, and who sent them, once each. */
export interface FilesData {
  conversation_id: number;
  files: readonly SharedFile[];
  users: readonly User[];
}

/** All requests with a line each; or one, with its fields. `limits` are the server's numbers. `writes` are the requests that change something: their replies and pushes make the state. If asked for there is JSON Schema: of the `data` of `replies` and `pushes` by their type, and in `schemas` of the requests and of every struct, by its name. */
export interface HelpData {
  types: Record<string, string>;
  fields: Record<string, FieldHelp> | null;
  limits: Record<string, number>;
  writes: readonly string[];
  replies: Record<string, unknown> | null;
  pushes: Record<string, unknown> | null;
  schemas: Record<string, unknown> | null;
}

/** How far somebody has got; `me` only for their own sockets. */
export interface MarkData {
  conversation_id: number;
  username: string;
  message_id: number;
  me?: ConversationMe;
}

/** A member of a group. */
export interface Member {
  id: number;
  username: string;
  fullname: string;
  role: 'member' | 'moderator' | 'owner';
  joined_at: number;
}

/** Somebody is no longer a member; if that is you, the conversation is gone. `by` is empty when the server's operator deleted the conversation. */
export interface MemberGoneData {
  conversation_id: number;
  username: string;
  by: string;
  member_count: number;
}

/** Who was added to a group; it now has `member_count` members. */
export interface MembersAddedData {
  conversation_id: number;
  usernames: readonly string[];
  member_count: number;
}

/** A page of members, by user id. */
export interface MembersData {
  conversation_id: number;
  members: readonly Member[];
}

/** A message; `content` is null once it is deleted. `quote` is resolved in reads only. `seq` counts what people wrote in the conversation. A `system` message tells what `actor` did to `subjects` (usernames), with `text` (the new name, the new role); its `content` is that as an English sentence and its `seq` that of the last message before it that somebody wrote. */
export interface Message {
  id: number;
  seq: number;
  conversation_id: number;
  kind: 'system' | 'text';
  sender_id: number;
  sender_username: string;
  sender_fullname: string;
  content: string | null;
  action: 'added' | 'created' | 'left' | 'removed' | 'renamed' | 'role' | null;
  actor: string | null;
  subjects: readonly string[];
  text: string | null;
  attachments: readonly Attachment[];
  mentions: readonly string[];
  reply_id: number | null;
  quote: Quote | null;
  client_id: string | null;
  sent_at: number;
  edited_at: number | null;
  deleted_at: number | null;
  reactions: readonly Reaction[];
  pinned: boolean;
  me?: MessageMe;
}

/** The viewer's part of a message. */
export interface MessageMe {
  reactions: readonly string[];
}

/** Messages, newest first, and their authors, once each. */
export interface MessagesData {
  conversation_id: number;
  messages: readonly Message[];
  users: readonly User[];
  more_before: boolean;
  more_after: boolean;
}

/** One user's presence; null to those who may not see it, or when there is no such user. */
export interface Presence {
  username: string;
  is_online: boolean | null;
  last_online: number | null;
}

/** Presence, in the order asked for. */
export interface PresenceData {
  presence: readonly Presence[];
}

/** Somebody's profile as it is now; `me` only for their own sockets. */
export interface ProfileData {
  id: number;
  username: string;
  fullname: string;
  bio: string;
  avatar: string | null;
  is_online: boolean | null;
  last_online: number | null;
  created_at: number;
  me?: ProfileMe;
}

/** What only oneself sees of a profile. */
export interface ProfileMe {
  email: string | null;
  hide_presence: boolean;
  reachable_by: 'contacts' | 'everyone';
  updated_at: number;
}

/** The start of the message that is replied to; `content` is null if it is deleted or unseen. */
export interface Quote {
  id: number;
  sender_id: number | null;
  sender_username: string | null;
  content: string | null;
}

/** How many reacted to a message with this emoji. */
export interface Reaction {
  emoji: string;
  count: number;
}

/** Somebody's reaction, and all the counts of the message as they are now. */
export interface ReactionData {
  conversation_id: number;
  message_id: number;
  username: string;
  emoji: string;
  reactions: readonly Reaction[];
}

/** Somebody who reacted to a message, and with what. */
export interface Reactor {
  user: User;
  emojis: readonly string[];
}

/** Who reacted to a message. */
export interface ReactorsData {
  conversation_id: number;
  message_id: number;
  reactors: readonly Reactor[];
}

/** How far one member has got in a conversation, by message ids; 0 is not at all. */
export interface Receipt {
  username: string;
  delivered_id: number;
  read_id: number;
}

/** A conversation's new name; `named` is false when it is made from the members again. */
export interface RenamedData {
  conversation_id: number;
  name: string;
  named: boolean;
}

/** What was reported. */
export interface ReportData {
  message_id: number;
}

/** The first frame of a socket opened with `cursor`; `reason` says why it is a `reset`. */
export interface ResumeData {
  status: 'ok' | 'reset' | 'start';
  reason: 'too_many' | 'too_old' | 'unknown' | null;
  cursor: string;
  at: number;
  server_time_ms: number;
  session_expires_at: number;
  protocol: number;
  types: readonly string[];
  limits: Record<string, number>;
  self: SelfUser;
  online: readonly string[];
}

/** Everything missed has been sent; `events` is how many that were. */
export interface ResumedData {
  events: number;
}

/** A member's new role. */
export interface RoleData {
  conversation_id: number;
  username: string;
  role: 'member' | 'moderator' | 'owner';
}

/** Messages that match, and their authors, once each. */
export interface SearchData {
  messages: readonly Message[];
  users: readonly User[];
}

/** The connected user, with what only they see. */
export interface SelfUser {
  id: number;
  username: string;
  fullname: string;
  bio: string;
  avatar: string | null;
  is_online: boolean | null;
  last_online: number | null;
  created_at: number;
  email: string | null;
  hide_presence: boolean;
  reachable_by: 'contacts' | 'everyone';
  updated_at: number;
}

/** One login; `current` is the one that asks. */
export interface Session {
  id: number;
  device: string;
  address: string;
  created_at: number;
  last_seen: number;
  expires_at: number;
  current: boolean;
}

/** The session that ended. */
export interface SessionEndedData {
  id: number;
}

/** Sessions, the newest first. */
export interface SessionsData {
  sessions: readonly Session[];
}

/** A file, and the message it is in. */
export interface SharedFile {
  id: number;
  name: string;
  mime_type: string;
  size: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  waveform: readonly number[] | null;
  thumbnail: string | null;
  url: string;
  created_at: number;
  message_id: number;
  sender_id: number;
}

/** A conversation's new topic. */
export interface TopicData {
  conversation_id: number;
  topic: string;
}

/** Somebody is typing; forget it after `expires_in_ms`, or when their message comes. */
export interface TypingData {
  conversation_id: number;
  username: string;
  active: boolean;
  expires_in_ms: number;
}

/** A person; presence is null to those who may not see it. `avatar` is the path of a square of 512 px; with `/96` for `/512` at its end, of 96 px. It changes with the picture, and is answered to anybody logged in. */
export interface User {
  id: number;
  username: string;
  fullname: string;
  bio: string;
  avatar: string | null;
  is_online: boolean | null;
  last_online: number | null;
  created_at: number;
}

/** Somebody came online or went offline. */
export interface UserStatus {
  username: string;
  is_online: boolean;
  last_online: number | null;
}

/** The user it was about. */
export interface UsernameData {
  username: string;
}

/** Usernames, in alphabetical order. */
export interface UsernamesData {
  usernames: readonly string[];
}

/** People. */
export interface UsersData {
  users: readonly User[];
}

/** The fields of each request. */
export interface Requests {
  ping: {};
  self: {};
  help: { event?: string | null; schemas?: boolean; };
  add_contact: { contact_username: string; };
  remove_contact: { contact_username: string; };
  get_contacts: {};
  get_contact_requests: {};
  block_user: { username: string; };
  unblock_user: { username: string; };
  get_blocked: {};
  get_user: { username?: string | null; id?: number | null; };
  search_users: { prefix: string; limit?: number | null; };
  update_profile: { fullname?: string | null; bio?: string | null; email?: string | null; avatar?: number | null; hide_presence?: boolean | null; reachable_by?: 'contacts' | 'everyone' | null; };
  get_presence: { usernames: readonly string[]; };
  create_conversation: { members: readonly string[]; name?: string | null; kind?: 'direct' | 'group'; history_shown?: boolean; client_id?: string | null; };
  get_conversations: { limit?: number | null; before?: number | null; };
  get_conversation_info: { id?: number | null; client_id?: string | null; };
  rename_conversation: { conversation_id: number; name: string; };
  set_topic: { conversation_id: number; topic: string; };
  set_avatar: { conversation_id: number; avatar: number | null; };
  mute_conversation: { conversation_id: number; until?: number | null; };
  archive_conversation: { conversation_id: number; archived?: boolean; };
  typing: { conversation_id: number; active?: boolean; };
  add_members: { conversation_id: number; usernames: readonly string[]; };
  remove_member: { conversation_id: number; username: string; };
  leave_conversation: { conversation_id: number; };
  set_role: { conversation_id: number; username: string; role: 'member' | 'moderator' | 'owner'; };
  get_members: { conversation_id: number; limit?: number | null; after?: number | null; };
  send_message: { conversation_id?: number | null; conversation_client_id?: string | null; content?: string; files?: readonly number[] | null; reply_id?: number | null; client_id?: string | null; };
  forward_message: { message_id: number; conversation_id: number; client_id?: string | null; };
  edit_message: { message_id: number; content: string; files?: readonly number[] | null; };
  delete_message: { message_id: number; };
  get_messages: { conversation_id: number; limit?: number | null; before?: number | null; after?: number | null; around?: number | null; ids?: readonly number[] | null; };
  search_messages: { query: string; conversation_id?: number | null; sender?: string | null; since?: number | null; until?: number | null; ranked?: boolean; before?: number | null; limit?: number | null; };
  get_files: { conversation_id: number; kind?: 'audio' | 'file' | 'picture' | 'video' | null; before?: number | null; limit?: number | null; };
  pin_message: { message_id: number; };
  unpin_message: { message_id: number; };
  get_pinned: { conversation_id: number; };
  add_reaction: { message_id: number; emoji: string; };
  remove_reaction: { message_id: number; emoji: string; };
  get_reactions: { message_id: number; emoji?: string | null; limit?: number | null; after?: number | null; };
  mark_delivered: { conversation_id: number; message_id: number; };
  mark_read: { conversation_id: number; message_id: number; };
  mark_unread: { conversation_id: number; marked?: boolean; };
  get_sessions: {};
  end_session: { id: number; };
  report_message: { message_id: number; reason: string; };
}

/** What stands in each reply. */
export interface Replies {
  ping: { data: string; };
  self: { data: SelfUser; };
  help: { data: HelpData; };
  add_contact: { data: ContactData; status?: 'created' | 'exists'; };
  remove_contact: { data: UsernameData; };
  get_contacts: { data: ContactsData; };
  get_contact_requests: { data: ContactRequestsData; };
  block_user: { data: UsernameData; };
  unblock_user: { data: UsernameData; };
  get_blocked: { data: UsernamesData; };
  get_user: { data: User; };
  search_users: { data: UsersData; };
  update_profile: { data: ProfileData; };
  get_presence: { data: PresenceData; };
  create_conversation: { data: Conversation; status?: 'created' | 'exists'; duplicate?: true; };
  get_conversations: { data: readonly Conversation[]; more?: boolean; next?: number | null; };
  get_conversation_info: { data: ConversationInfo; };
  rename_conversation: { data: RenamedData; };
  set_topic: { data: TopicData; };
  set_avatar: { data: AvatarData; };
  mute_conversation: { data: ConversationMeData; };
  archive_conversation: { data: ConversationMeData; };
  typing: { data: TypingData; };
  add_members: { data: MembersAddedData; };
  remove_member: { data: MemberGoneData; };
  leave_conversation: { data: MemberGoneData; };
  set_role: { data: RoleData; };
  get_members: { data: MembersData; more?: boolean; next?: number | null; };
  send_message: { data: Message; duplicate?: true; };
  forward_message: { data: Message; duplicate?: true; };
  edit_message: { data: Message; };
  delete_message: { data: Message; };
  get_messages: { data: MessagesData; };
  search_messages: { data: SearchData; more?: boolean; next?: number | null; };
  get_files: { data: FilesData; more?: boolean; next?: number | null; };
  pin_message: { data: Message; };
  unpin_message: { data: Message; };
  get_pinned: { data: MessagesData; };
  add_reaction: { data: ReactionData; };
  remove_reaction: { data: ReactionData; };
  get_reactions: { data: ReactorsData; more?: boolean; next?: number | null; };
  mark_delivered: { data: MarkData; };
  mark_read: { data: MarkData; };
  mark_unread: { data: ConversationMeData; };
  get_sessions: { data: SessionsData; };
  end_session: { data: SessionEndedData; };
  report_message: { data: ReportData; };
}

/** What stands in the `data` of each push. */
export interface Pushes {
  add_contact: ContactData;
  remove_contact: UsernameData;
  block_user: UsernameData;
  unblock_user: UsernameData;
  update_profile: ProfileData;
  create_conversation: Conversation;
  rename_conversation: RenamedData;
  set_topic: TopicData;
  set_avatar: AvatarData;
  mute_conversation: ConversationMeData;
  archive_conversation: ConversationMeData;
  typing: TypingData;
  add_members: MembersAddedData;
  remove_member: MemberGoneData;
  leave_conversation: MemberGoneData;
  set_role: RoleData;
  send_message: Message;
  edit_message: Message;
  delete_message: Message;
  pin_message: Message;
  unpin_message: Message;
  add_reaction: ReactionData;
  remove_reaction: ReactionData;
  mark_delivered: MarkData;
  mark_read: MarkData;
  mark_unread: ConversationMeData;
  end_session: SessionEndedData;
  contact_request: ContactRequestData;
  user_status: UserStatus;
  resume: ResumeData;
  resumed: ResumedData;
  server_draining: DrainingData;
}

/** Why a request was refused. */
export type Code =
  'invalid_json' | 'missing_type' | 'unknown_type' | 'invalid_request' | 'not_found' | 'unauthorized' | 'forbidden' | 'already_exists' | 'conflict' | 'too_large' | 'rate_limited' | 'unavailable' | 'internal_error';
