/** Plain objects of conversations for tests; say only what matters. */
import type { ChatThread, Conversation, Counter, Message } from "../api/chat";

export function message(number: number, facts: Partial<Message> = {}): Message {
  return {
    id: `m${number}`,
    conversation_id: "7",
    number,
    thread_id: null,
    author: { id: "bob", name: "Bob", email: null },
    kind: "text",
    text: `Word ${number}`,
    html: `<p>Word ${number}</p>`,
    event: null,
    mentions: [],
    reply_to: null,
    forwarded_from: null,
    importance: "normal",
    needs_ack: false,
    ack_count: 0,
    attachments: [],
    previews: [],
    reactions: {},
    revisions: 0,
    client_id: null,
    created_at: new Date(2026, 10, 21, 9, number).toISOString(),
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    pinned_by: null,
    seq: String(number),
    ...facts,
  };
}

export function conversation(facts: Partial<Conversation> = {}): Conversation {
  return {
    id: "7",
    kind: "channel",
    visibility: "organisation",
    name: "general",
    topic: "",
    posting: "everybody",
    inviting: "everybody",
    edit_seconds: null,
    delete_seconds: null,
    retention_days: null,
    history: null,
    archived_at: null,
    created_by: null,
    created_at: "2026-11-01T08:00:00Z",
    members: 2,
    last_number: 1,
    last_at: "2026-11-21T08:00:00Z",
    seq: "1",
    me: {
      conversation_id: "7",
      role: "member",
      left_at: null,
      read_number: 0,
      delivered_number: 0,
      is_marked_unread: false,
      level: "default",
      muted_until: null,
      is_favourite: false,
      folder: "",
      hidden_number: 0,
      shown_after: 0,
      own_seq: "1",
    },
    with: null,
    last: null,
    ...facts,
  };
}

export function counter(id: string, facts: Partial<Counter> = {}): Counter {
  return {
    conversation_id: id,
    read_number: 0,
    last_number: 1,
    is_marked_unread: false,
    is_muted: false,
    unread: 1,
    mentions: 0,
    threads: 0,
    ...facts,
  };
}

export function thread(facts: Partial<ChatThread> = {}): ChatThread {
  return {
    id: "t1",
    conversation_id: "7",
    root_id: "m1",
    title: "",
    reply_count: 1,
    last_number: 2,
    last_at: "2026-11-21T08:00:00Z",
    resolved_at: null,
    resolved_by: null,
    seq: "2",
    ...facts,
  };
}
