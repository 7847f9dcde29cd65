/** The client library. What goes over the wire is in `wire.d.ts`. */

import type { Attachment, Code, Conversation, ConversationMe, Message } from './wire.js';
import type { Receipt, Replies, Requests, SelfUser, User } from './wire.js';

export * from './wire.js';

/** The server's codes, and the library's own: see ParleyError. */
export type ErrorCode = Code | 'offline' | 'uncertain' | 'stopped';

/** How the server tells a refusal. */
export interface Refusal {
  error: string;
  code: ErrorCode;
  field?: string;
  retry_after_ms?: number;
}

/** A request that was refused or lost. */
export class ParleyError extends Error {
  constructor(refusal: Refusal);
  /** `offline`: nothing was sent. `uncertain`: it may have been carried out all the same. */
  code: ErrorCode;
  /** The field of the request that has to be mended. */
  field: string | undefined;
  /** Milliseconds until trying again makes sense. */
  retryAfter: number | undefined;
  uncertain: boolean;
}

/** A frame as it came. */
export interface Frame {
  type: string;
  success: boolean;
  ref?: string | number;
  data?: any;
  cursor?: string;
  at?: number;
  error?: string;
  code?: Code;
  field?: string;
  retry_after_ms?: number;
  [beside: string]: unknown;
}

/** How it stands with the connection; `retryAt` is in milliseconds, as told by `clock.now()`. */
export type Status =
  | { state: 'idle' | 'connecting' | 'catching_up' | 'live' }
  | { state: 'waiting'; retryAt: number; code: number }
  | { state: 'stopped'; why: 'login' | 'origin' | 'replaced' };

/** Where time comes from. */
export interface Clock {
  now(): number;
  setTimeout(then: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** What keeps the unsent messages, and the tokens if the library has them. */
export interface Storage {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<unknown>;
  /** The values whose key begins with this, in any order. */
  list(prefix: string): Promise<unknown[]>;
  /** Remove everything whose key begins with this. */
  remove(prefix: string): Promise<unknown>;
  /** Be told when somebody else (another tab) has changed something. */
  watch(listener: () => void): void;
}

/** Locks as browsers have them (navigator.locks). */
export interface Locks {
  request(name: string, work: () => Promise<void>): Promise<unknown>;
}

/**
 * How a person is known to the server: by the cookie a browser keeps, by tokens that the library
 * keeps, or by tokens of another service, which the function gives anew whenever it is called.
 */
export type Authentication = 'cookie' | 'bearer' | (() => Promise<string>);

export interface ClientOptions {
  /** The server, `http://…` or `https://…`, with its `API_PREFIX`; in a page its own origin. */
  url?: string;
  /** In a page `cookie`, elsewhere `bearer`. */
  auth?: Authentication;
  /** `memory` by default; IndexedDB is shared by all tabs and outlives them. */
  storage?: 'memory' | 'indexeddb' | Storage;
  WebSocket?: typeof globalThis.WebSocket;
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
  /** A number from 0 up to 1. */
  random?: () => number;
  locks?: Locks;
}

export interface NewAccount {
  username: string;
  password: string;
  fullname: string;
  email?: string;
  /** The code that one was invited with, where the server asks for it. */
  invite?: string;
}

export type Credentials = { password: string } & (
  | { username: string }
  | { usernameOrEmail: string }
);

/** A value to show: `subscribe` and `getSnapshot` are what React's useSyncExternalStore takes. */
export interface Store<T> {
  subscribe(listener: () => void): () => void;
  /** The same object until it has changed. */
  getSnapshot(): T;
}

/** What waits to be sent, or was refused for good: a message, if nothing else is said. */
export interface OutboxItem<Request = QueuedMessage> {
  /** Its `client_id`; in the order of the alphabet they are in the order they were written. */
  id: string;
  /** When it was written, in milliseconds. */
  created: number;
  state: 'waiting' | 'failed';
  error: { code: ErrorCode; message: string; field: string | undefined } | null;
  request: Request & { client_id?: string };
}

/** A message, or a conversation that is to be created. */
export type Queued = OutboxItem<QueuedMessage | QueuedConversation>;

/** A message as it is queued. */
export interface QueuedMessage {
  type: 'send_message';
  conversation_id?: number;
  /** The `id` of the item that creates the conversation, until it has been created. */
  conversation_client_id?: string;
  content: string;
  reply_id?: number | undefined;
  files?: readonly number[] | undefined;
}

/** A conversation as it is queued. */
export type QueuedConversation = NewConversation & {
  type: 'create_conversation';
  conversation_id?: never;
  conversation_client_id?: never;
};

export type NewConversation = Omit<Requests['create_conversation'], 'client_id'>;

export interface SendOptions {
  /** The id of the message that is replied to. */
  replyTo?: number;
  /** The ids of files that were uploaded. */
  files?: readonly number[];
}

export interface UploadOptions {
  /** What it is to be called; the name of a File by default. */
  name?: string;
  /** How long a recording is. */
  duration_ms?: number;
  /** How loud a recording is over time: numbers from 0 to 100. */
  waveform?: readonly number[];
  /** Called with the share that has been sent, from 0 up to 1, where a page can know. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** A conversation as it is known; `receipts` are known of those that were looked at. */
export type KnownConversation = Conversation & {
  me: ConversationMe;
  receipts?: readonly Receipt[];
};

export interface ConversationSnapshot {
  /** Until it has been created, the `client_id` it waits with. */
  id: number | string;
  /** Null when one is no member, or when nothing has been fetched yet. */
  conversation: KnownConversation | null;
  /** The messages that are shown, oldest first, none missing between them. */
  messages: readonly Message[];
  /** Whether messages have been loaded at all. */
  isLoaded: boolean;
  moreBefore: boolean;
  /** True after a jump: there are newer ones that are not shown. */
  moreAfter: boolean;
  /** What waits to be sent here, or has failed. */
  queued: readonly OutboxItem[];
  /** Usernames of those who are typing. */
  typing: readonly string[];
}

export interface ConversationStore extends Store<ConversationSnapshot> {
  /** Until it has been created, the `client_id` it waits with. */
  readonly id: number | string;
  /** Queue a message; it is shown at once, and sent as soon as that is possible. */
  send(content: string, options?: SendOptions): OutboxItem;
  /** Load the newest messages, or those before the ones that are shown. */
  loadBefore(): Promise<void>;
  /** Load those after the ones that are shown, after a jump. */
  loadAfter(): Promise<void>;
  /** Show a message among those around it, or for null the newest. */
  jumpTo(id: number | null): Promise<void>;
  /** Count everything, or everything up to a message, as read. */
  markRead(id?: number): Promise<void>;
  /** Say that one is typing, as often as one likes, or has stopped. */
  typing(active?: boolean): void;
}

/** What `on` can tell. */
export interface Events {
  /** Every frame, as it is sent or has come. */
  frame: { direction: 'in' | 'out'; frame: Frame };
  status: Status;
  /** What has changed: ids of conversations, `conversations`, `contacts`, `self`. */
  change: readonly (number | string)[];
  /** Everything known was dropped and is fetched anew, for a reason (null at the first start). */
  reset: string | null;
  outbox: readonly Queued[];
}

export interface Client {
  readonly auth: {
    register(account: NewAccount): Promise<void>;
    login(credentials: Credentials): Promise<void>;
    logout(which?: { everywhere?: boolean }): Promise<void>;
  };
  /** Connect and stay connected; while waiting to, try now. */
  connect(): void;
  /** Disconnect and stay disconnected. */
  disconnect(): void;
  readonly status: Status;
  /** The server's limits, once connected. */
  readonly limits: Record<string, number>;
  /** Ask the server; what reads is asked again after a reconnect. Throws ParleyError. */
  request<T extends keyof Requests>(
    type: T,
    ...rest: {} extends Requests[T]
      ? [fields?: Requests[T], options?: { signal?: AbortSignal }]
      : [fields: Requests[T], options?: { signal?: AbortSignal }]
  ): Promise<Replies[T]>;
  /** Be told of something; gives the way to stop. */
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void;
  /** All conversations, the latest activity first. */
  readonly conversations: Store<readonly KnownConversation[]>;
  /** All contacts by username, with their presence. */
  readonly contacts: Store<readonly User[]>;
  /** Oneself; null before the first connection. */
  readonly self: Store<SelfUser | null>;
  /**
   * Queue a new conversation, also while offline, and have it to write to; it is created once.
   * What the server refuses for good fails, with what was written to it.
   */
  create(conversation: NewConversation): ConversationStore;
  conversation(id: number | string): ConversationStore;
  /** Upload a file; `send` takes its id. Throws ParleyError. */
  upload(file: Blob, options?: UploadOptions): Promise<Attachment>;
  readonly outbox: {
    list(): readonly Queued[];
    /** Send again what has failed, and first the conversation that it is for. */
    retry(id: string): void;
    /** Throw away what waits or has failed. */
    discard(id: string): void;
  };
}

export function createClient(options?: ClientOptions): Client;
