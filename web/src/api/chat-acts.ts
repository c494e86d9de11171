/** What one does in conversations, one request each. */

import { call } from "./call";
import type {
  ChatFile,
  Conversation,
  ConversationChange,
  Message,
  NewConversation,
  NewMessage,
  OwnChange,
} from "./chat";
import { upload } from "./client";
import type * as Wire from "./generated/schema";
import type { InPieces } from "./resumable";
import { IN_PIECES_FROM, uploadInPieces } from "./resumable";

const inside = (conversation_id: string) => ({ conversation_id });
const of = (message_id: string) => ({ message_id });

export const chat = {
  open: (body: NewConversation): Promise<Conversation> => call("POST /api/v1/conversations/", { body }),
  change: (id: string, body: ConversationChange) =>
    call("PATCH /api/v1/conversations/{conversation_id}/", { path: inside(id), body }),
  remove: (id: string) => call("DELETE /api/v1/conversations/{conversation_id}/", { path: inside(id) }),
  archive: (id: string, isOn: boolean) =>
    (isOn
      ? call("POST /api/v1/conversations/{conversation_id}/archive/", { path: inside(id) })
      : call("DELETE /api/v1/conversations/{conversation_id}/archive/", { path: inside(id) })) as Promise<Conversation>,
  takeOut: (id: string) => call("POST /api/v1/conversations/{conversation_id}/export/", { path: inside(id) }),
  join: (id: string) => call("POST /api/v1/conversations/{conversation_id}/join/", { path: inside(id) }),
  leave: (id: string) => call("POST /api/v1/conversations/{conversation_id}/leave/", { path: inside(id) }),
  me: (id: string, body: OwnChange) =>
    call("PATCH /api/v1/conversations/{conversation_id}/me/", { path: inside(id), body }),
  renameFolder: (folder: string, name: string) =>
    call("PATCH /api/v1/conversations/folders/", { body: { folder, name } }),
  read: (id: string, body: Wire.ReadUpToRequest) =>
    call("POST /api/v1/conversations/{conversation_id}/read/", { path: inside(id), body }),
  unread: (id: string, body: Wire.UnreadFromRequest) =>
    call("POST /api/v1/conversations/{conversation_id}/unread/", { path: inside(id), body }),
  add: (id: string, user_ids: string[]) =>
    call("POST /api/v1/conversations/{conversation_id}/participants/", { path: inside(id), body: { user_ids } }),
  setRole: (id: string, user_id: string, role: Wire.ParticipantChangeRoleEnum) =>
    call("PATCH /api/v1/conversations/{conversation_id}/participants/{user_id}/", {
      path: { ...inside(id), user_id },
      body: { role },
    }),
  putOut: (id: string, user_id: string) =>
    call("DELETE /api/v1/conversations/{conversation_id}/participants/{user_id}/", {
      path: { ...inside(id), user_id },
    }),
  send: (id: string, body: NewMessage) =>
    call("POST /api/v1/conversations/{conversation_id}/messages/", { path: inside(id), body }) as Promise<
      Message | Wire.ScheduledMessage
    >,
  sayMail: (id: string, body: Wire.SharedMailRequest) =>
    call("POST /api/v1/conversations/{conversation_id}/mail/", { path: inside(id), body }) as Promise<Message>,
  saveDraft: (id: string, thread_id: string | null, content: Wire.DraftContentRequest | null) =>
    call("PUT /api/v1/conversations/{conversation_id}/draft/", { path: inside(id), body: { thread_id, content } }),
  cancelScheduled: (scheduled_id: string) =>
    call("DELETE /api/v1/conversations/scheduled/{scheduled_id}/", { path: { scheduled_id } }),
  putOff: (scheduled_id: string, send_at: string) =>
    call("PATCH /api/v1/conversations/scheduled/{scheduled_id}/", { path: { scheduled_id }, body: { send_at } }),
  changeThread: (id: string, thread_id: string, body: Wire.PatchedChatThreadChangeRequest) =>
    call("PATCH /api/v1/conversations/{conversation_id}/threads/{thread_id}/", {
      path: { ...inside(id), thread_id },
      body,
    }),
  followThread: (id: string, thread_id: string, body: Wire.FollowChangeRequest) =>
    call("POST /api/v1/conversations/{conversation_id}/threads/{thread_id}/follow/", {
      path: { ...inside(id), thread_id },
      body,
    }),
  uploadFile: (file: Blob, { filename, ...options }: Required<InPieces>) =>
    file.size < IN_PIECES_FROM
      ? upload<ChatFile>("/conversations/files/", file, { query: { filename }, ...options })
      : uploadInPieces<ChatFile>("/conversations/uploads/", file, { filename, ...options }),
};

export const messageActs = {
  get: (id: string) => call("GET /api/v1/messages/{message_id}/", { path: of(id) }) as Promise<Message>,
  edit: (id: string, text: string) =>
    call("PATCH /api/v1/messages/{message_id}/", { path: of(id), body: { text } }) as Promise<Message>,
  remove: (id: string, whose: "everybody" | "me") =>
    call("DELETE /api/v1/messages/{message_id}/", { path: of(id), query: { for: whose } }),
  reply: (id: string, body: Wire.NewReplyRequest) =>
    call("POST /api/v1/messages/{message_id}/reply/", { path: of(id), body }) as Promise<
      Message | Wire.ScheduledMessage
    >,
  forward: (id: string, conversation_id: string, text: string) =>
    call("POST /api/v1/messages/{message_id}/forward/", { path: of(id), body: { conversation_id, text } }),
  react: (id: string, emoji: string, is_on: boolean) =>
    call("POST /api/v1/messages/{message_id}/react/", { path: of(id), body: { emoji, is_on } }) as Promise<Message>,
  pin: (id: string, isOn: boolean) =>
    (isOn
      ? call("POST /api/v1/messages/{message_id}/pin/", { path: of(id) })
      : call("DELETE /api/v1/messages/{message_id}/pin/", { path: of(id) })) as Promise<Message>,
  star: (id: string, isOn: boolean) =>
    isOn
      ? call("POST /api/v1/messages/{message_id}/star/", { path: of(id) })
      : call("DELETE /api/v1/messages/{message_id}/star/", { path: of(id) }),
  acknowledge: (id: string, isOn: boolean) =>
    (isOn
      ? call("POST /api/v1/messages/{message_id}/acknowledge/", { path: of(id) })
      : call("DELETE /api/v1/messages/{message_id}/acknowledge/", { path: of(id) })) as Promise<Message>,
  removePreview: (id: string, preview_id: string) =>
    call("DELETE /api/v1/messages/{message_id}/previews/{preview_id}/", { path: { ...of(id), preview_id } }),
  readers: (id: string) => call("GET /api/v1/messages/{message_id}/readers/", { path: of(id) }),
  revisions: (id: string) => call("GET /api/v1/messages/{message_id}/revisions/", { path: of(id) }),
  remind: (id: string, remind_at: string) =>
    call("POST /api/v1/messages/{message_id}/remind/", { path: of(id), body: { remind_at } }),
  forgetReminder: (id: string) => call("DELETE /api/v1/messages/{message_id}/remind/", { path: of(id) }),
  report: (id: string, body: Wire.NewReportRequest) =>
    call("POST /api/v1/messages/{message_id}/report/", { path: of(id), body }),
};
