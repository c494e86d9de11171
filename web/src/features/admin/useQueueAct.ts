import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { ORGANISATION_KEY } from "./queries";
import { outcomeWords, type Verb } from "./queueWords";

/** One thing done to many of the queue; what has changed meanwhile is said. */
export function useQueueAct(): { act: (verb: Verb, ids: string[]) => Promise<void>; isBusy: boolean } {
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const act = async (verb: Verb, ids: string[]) => {
    setBusy(true);
    try {
      const { results } = await call("POST /api/v1/queue/act/", { body: { verb, ids } });
      const isAll = results.every(({ status }) => status === 200);
      showToast({ message: outcomeWords(verb, results), ...(isAll ? {} : { kind: "problem" as const }) });
    } catch (error) {
      showToast({ message: t("Not done. {why}", { why: messageOf(error) }), kind: "problem" });
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: ORGANISATION_KEY });
  };
  return { act, isBusy };
}
