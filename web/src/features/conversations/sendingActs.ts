/** From what is written to what is sent: at once by the outbox, later by the server. */
import type { QueryClient } from "@tanstack/react-query";
import type { Scheduled } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat, messageActs } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { textToSend } from "../../lib/chat-text";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { withScheduled } from "../../sync/chat-cache";
import { post } from "../../sync/chat-outbox";
import { sayTyping } from "../../sync/talk";
import { showToast } from "../../ui/toasts";
import { dropDraft } from "./drafts";
import { edit } from "./messageActs";
import { isEmpty, NOTHING, write, writingOf } from "./writing";

export type Place = { conversationId: string; threadId: string | null; rootId: string | null; place: string };

/** False where there is nothing to send, or a file is still on its way. */
export function send(
  client: QueryClient,
  where: Place,
  { holdSeconds = 0, sendAt = null as string | null } = {},
): boolean {
  const writing = writingOf(where.place);
  if (isEmpty(writing)) return false;
  if (writing.uploads.some((one) => one.state !== "done")) {
    showToast({ kind: "problem", message: t("A file is not there yet. Wait for it, or take it out.") });
    return false;
  }
  const text = textToSend(writing.text.trim(), writing.namings);
  write(where.place, NOTHING);
  sayTyping(where.conversationId, where.threadId, false);
  dropDraft(client, where);
  if (writing.editing) {
    const { editing } = writing;
    if (text !== editing.text)
      void edit(client, editing, text).then((isDone) => !isDone && write(where.place, writing));
    return true;
  }
  const files = writing.uploads.flatMap((one) => (one.stored ? [one.stored] : []));
  const body = {
    text,
    importance: writing.importance,
    needs_ack: writing.needsAck,
    file_ids: files.map((one) => one.id),
    ...(writing.replyTo ? { reply_to: writing.replyTo.id } : {}),
  };
  if (sendAt !== null || holdSeconds > 0) {
    const when = sendAt === null ? { hold_seconds: holdSeconds } : { send_at: sendAt };
    void later(client, where, { ...body, ...when }, () => write(where.place, writing));
  } else post({ ...where, body, files });
  return true;
}

type Body = Parameters<typeof chat.send>[1];

/** The server keeps it and sends it; until then it can be taken back, with all that was written. */
async function later(client: QueryClient, where: Place, body: Body, putBack: () => void): Promise<void> {
  const client_id = crypto.randomUUID();
  try {
    const { reply_to: _, ...plain } = body;
    const answer =
      where.rootId && !where.threadId
        ? await messageActs.reply(where.rootId, { ...plain, client_id, in_thread: true })
        : await chat.send(where.conversationId, {
            ...body,
            client_id,
            ...(where.threadId ? { thread_id: where.threadId } : {}),
          });
    if (!("send_at" in answer)) return;
    client.setQueryData<Scheduled[]>(chatKeys.scheduled, (all) => withScheduled(all ?? [], [answer]));
    const cancel = async () => {
      try {
        await chat.cancelScheduled(answer.id);
        putBack();
      } catch (error) {
        showToast({ kind: "problem", message: messageOf(error) });
      }
    };
    const isHeld = body.hold_seconds !== undefined;
    showToast({
      message: isHeld
        ? t("Sending in {n} seconds", { n: body.hold_seconds ?? 0 })
        : t("It will be sent {when}", { when: shortDate(answer.send_at) }),
      durationMs: isHeld ? (body.hold_seconds ?? 0) * 1000 : 6_000,
      action: { label: t("Undo"), run: () => void cancel() },
    });
  } catch (error) {
    putBack();
    showToast({ kind: "problem", message: messageOf(error) });
  }
}
