/** Keys of the list: for the line that has the focus, else for the conversation that is open. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ListVerb } from "../../commands/chatting";
import { takeListVerbs } from "../../commands/chatting";
import type { Listed } from "./listing";
import { askFolder } from "./listView";
import { favour, mute, readAll } from "./placeActs";

export function useListKeys(all: readonly Listed[], openId: string | null): void {
  const client = useQueryClient();
  const latest = useRef({ all, openId });
  latest.current = { all, openId };
  useEffect(
    () =>
      takeListVerbs((verb: ListVerb) => {
        const line = document.activeElement?.closest<HTMLElement>("[data-conversation]");
        const id = line?.dataset.conversation ?? latest.current.openId;
        const listed = latest.current.all.find((one) => one.conversation.id === id);
        if (!listed?.conversation.me) return;
        const { conversation, isMuted } = listed;
        if (line) keepFocus(conversation.id);
        if (verb === "favour") void favour(client, conversation);
        else if (verb === "mute") void mute(client, conversation, isMuted ? "off" : "ever");
        else if (verb === "move") askFolder(conversation.id);
        else void readAll(client, conversation);
      }),
    [client],
  );
}

const FRAMES = 20;

/** The line may stand in another section a moment later, and the focus must not be lost with the one that was. */
function keepFocus(id: string, frames = FRAMES): void {
  if (document.activeElement === document.body)
    document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`)?.focus();
  else if (frames > 0) requestAnimationFrame(() => keepFocus(id, frames - 1));
}
