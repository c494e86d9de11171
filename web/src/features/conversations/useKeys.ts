/** The verbs of the commands, for the timeline that has the attention: the thread's while the focus is in it. */
import type { RefObject } from "react";
import { useEffect, useRef } from "react";
import type { Message } from "../../api/chat";
import type { Verb } from "../../commands/chatting";
import { takeVerbs } from "../../commands/chatting";
import { focusMessage, useChatView } from "./chatView";
import { focusComposer, focusRowOf } from "./focus";
import type { MessageVerbs } from "./useMessageVerbs";
import { placeOf } from "./writing";

type Keys = {
  scroller: RefObject<HTMLDivElement | null>;
  messages: readonly Message[];
  verbs: MessageVerbs;
  place: { conversationId: string; threadKey: string | null };
  onBack: () => void;
};

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  const { threadKey } = keys.place;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a thread that begins is another timeline
  useEffect(() => {
    const take = (verb: Verb) => act(latest.current, verb);
    let release = takeVerbs(take);
    // Whichever timeline the focus comes to has the keys from then on.
    const frame = latest.current.scroller.current?.closest("[data-timeline]");
    const come = () => {
      release();
      release = takeVerbs(take);
    };
    frame?.addEventListener("focusin", come);
    return () => {
      frame?.removeEventListener("focusin", come);
      release();
    };
  }, [threadKey]);
}

function act({ messages, verbs, place, onBack }: Keys, verb: Verb): void {
  const { focusedId } = useChatView.getState();
  const at = messages.findIndex((one) => one.id === focusedId);
  if (verb === "next" || verb === "previous") {
    const by = verb === "next" ? 1 : -1;
    const to = at < 0 ? messages.length - 1 : Math.max(0, Math.min(messages.length - 1, at + by));
    const message = messages[to];
    if (message) {
      focusMessage(message.id);
      focusRowOf(message.id);
    }
  } else if (verb === "write") focusComposer(placeOf(place.conversationId, place.threadKey));
  else if (verb === "back") onBack();
  else {
    const message = messages[at] ?? messages.at(-1);
    if (!message) return;
    focusMessage(message.id);
    verbs.run(verb, message);
  }
}
