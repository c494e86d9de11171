import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import { useState } from "react";
import type { Conversation } from "../../api/chat";
import { chatKeys, openChannelsQuery } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { plural, t } from "../../lib/i18n";
import { useSettled } from "../../lib/settled";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Input } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { nameOf } from "./listing";
import { PageFrame } from "./PageFrame";

export function BrowseChannels() {
  const [typed, setTyped] = useState("");
  const query = useQuery({ ...openChannelsQuery(useSettled(typed).trim()), placeholderData: (before) => before });
  const channels = query.data ?? [];
  return (
    <PageFrame title={t("Channels")} text={t("Open to everybody of the organisation")}>
      <div className="mx-auto flex max-w-2xl flex-col gap-3 p-4">
        <Input
          type="search"
          aria-label={t("Find a channel")}
          placeholder={t("Name or topic")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {query.isPending && <p className="text-sm text-muted">{t("Loading")}</p>}
        {query.error && (
          <p role="alert" className="text-sm text-danger">
            {messageOf(query.error)}
          </p>
        )}
        {query.data && channels.length === 0 && <EmptyState icon={Hash} title={t("No channel of that name")} />}
        <ul className="flex flex-col divide-y divide-line">
          {channels.map((one) => (
            <Channel key={one.id} channel={one} />
          ))}
        </ul>
      </div>
    </PageFrame>
  );
}

function Channel({ channel }: { channel: Conversation }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);
  const show = () =>
    navigate({ to: "/conversations/$conversationId", params: { conversationId: channel.id }, search: {} });
  const join = async () => {
    setBusy(true);
    try {
      const joined = await chat.join(channel.id);
      client.setQueryData<Conversation[]>(chatKeys.conversations, (all) => all && [joined, ...all]);
      void client.invalidateQueries({ queryKey: ["open-channels"] });
      await show();
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
      setBusy(false);
    }
  };
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Hash size={16} aria-hidden className="shrink-0 text-muted" />
      <button type="button" onClick={() => void show()} className="min-w-0 flex-1 rounded-md text-left">
        <span dir="auto" className="block truncate font-medium">
          {nameOf(channel)}
        </span>
        <span dir="auto" className="block truncate text-sm text-muted">
          {[plural(channel.members, "{n} member", "{n} members"), channel.topic].filter(Boolean).join(" · ")}
        </span>
      </button>
      {channel.me ? (
        <span className="text-sm text-muted">{t("You are in it")}</span>
      ) : (
        <Button isBusy={isBusy} onClick={() => void join()} aria-label={t("Join {name}", { name: nameOf(channel) })}>
          {t("Join")}
        </Button>
      )}
    </li>
  );
}
