/** What one chose to hear of: changed at once, with the old back where the server refuses. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { myselfQuery } from "../../api/myself";
import { CHOICES_KEY, type Choices, type ChoicesChange, choicesQuery, notifications } from "../../api/notifications";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { NotProven, withStepUp } from "../security/stepUp";

export function useChoices() {
  const client = useQueryClient();
  const query = useQuery(choicesQuery);
  const change = async (changes: ChoicesChange) => {
    const before = client.getQueryData<Choices>(CHOICES_KEY);
    await client.cancelQueries({ queryKey: CHOICES_KEY });
    client.setQueryData<Choices>(CHOICES_KEY, (now) => now && ({ ...now, ...changes } as Choices));
    try {
      client.setQueryData<Choices>(CHOICES_KEY, await withStepUp(() => notifications.change(changes)));
      // The same choices stand in the profile.
      await client.invalidateQueries({ queryKey: myselfQuery.queryKey, exact: true });
    } catch (error) {
      client.setQueryData<Choices>(CHOICES_KEY, before);
      if (!(error instanceof NotProven))
        showToast({ message: t("Not changed. {why}", { why: messageOf(error) }), kind: "problem" });
    }
  };
  return { ...query, change };
}
