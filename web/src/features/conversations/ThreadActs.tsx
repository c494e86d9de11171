import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, BellOff, BellRing, CircleCheck, Link2 } from "lucide-react";
import { useState } from "react";
import type { ChatThread } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import type { Timeline as Held } from "../../lib/timeline";
import type { ChatThreadFollows } from "../../sync/chat-cache";
import { followsKey } from "../../sync/chat-cache";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../../ui/Menu";
import { showToast } from "../../ui/toasts";
import { copyText } from "./messageActs";

type Hearing = "follow" | "muted" | "none";

const HEARINGS: { value: Hearing; label: string }[] = [
  { value: "follow", label: t("Tell me of answers") },
  { value: "muted", label: t("Muted: among my threads, in silence") },
  { value: "none", label: t("Not among my threads") },
];
const BODIES = {
  follow: { is_following: true, is_muted: false },
  muted: { is_following: true, is_muted: true },
  none: { is_following: false, is_muted: false },
};
const ICONS = { follow: BellRing, muted: BellOff, none: Bell };

/** What one does about a thread: whether it is done, and what one hears of it. */
export function ThreadActs({ conversationId, thread }: { conversationId: string; thread: ChatThread }) {
  const client = useQueryClient();
  const follow = useQuery<ChatThreadFollows>({ queryKey: followsKey, queryFn: () => ({}), enabled: false }).data?.[
    thread.id
  ];
  const [said, setSaid] = useState<Hearing>("none");
  const known: Hearing = !follow?.is_following ? "none" : follow.is_muted ? "muted" : "follow";
  const hearing = follow ? known : said;
  const isDone = thread.resolved_at !== null;
  const attempt = (act: () => Promise<unknown>) =>
    act().catch((error: unknown) => showToast({ kind: "problem", message: messageOf(error) }));
  const hear = (wanted: Hearing) =>
    attempt(async () => {
      const now = await chat.followThread(conversationId, thread.id, BODIES[wanted]);
      setSaid(wanted);
      client.setQueryData<ChatThreadFollows>(followsKey, (all) => ({ ...all, [thread.id]: now }));
    });
  const flipDone = () =>
    attempt(async () => {
      const now = await chat.changeThread(conversationId, thread.id, { is_resolved: !isDone });
      client.setQueriesData<Held>({ queryKey: chatKeys.timelines(conversationId) }, (held) =>
        held?.threads[thread.root_id] ? { ...held, threads: { ...held.threads, [thread.root_id]: now } } : held,
      );
      void client.invalidateQueries({ queryKey: ["chat-thread", thread.id] });
    });
  const link = `${window.location.origin}/conversations/${conversationId}?thread=${thread.id}`;
  return (
    <>
      <IconButton
        icon={CircleCheck}
        label={isDone ? t("Open it again") : t("Mark as done")}
        aria-pressed={isDone}
        onClick={() => void flipDone()}
      />
      <Menu
        label={t("What I hear of this thread")}
        align="end"
        trigger={
          <IconButton
            icon={ICONS[hearing]}
            label={t("What I hear of this thread")}
            className={hearing === "follow" ? "text-accent" : ""}
          />
        }
      >
        <MenuChoice
          label={t("What I hear of this thread")}
          value={hearing}
          options={HEARINGS}
          onChange={(wanted) => void hear(wanted)}
        />
        <MenuLine />
        <MenuItem icon={Link2} onSelect={() => void copyText(link)}>
          {t("Copy link")}
        </MenuItem>
      </Menu>
    </>
  );
}
