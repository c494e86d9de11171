/** What one does about people outside: shown at once, put back when the server will not have it. */
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import type { Outsider, OutsiderChange } from "../../api/outside";
import { outside, outsideKeys } from "../../api/outside";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { wasCancelled } from "../auth/passkeys";
import { NotProven, withStepUp } from "../security/stepUp";

export function useOutsiderActs(conversationId: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: outsideKeys.outsiders(conversationId) });
  const attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await withStepUp(act);
      return true;
    } catch (error) {
      if (!(error instanceof NotProven) && !wasCancelled(error))
        showToast({ kind: "problem", message: t("Not done. {why}", { why: messageOf(error) }) });
      return false;
    } finally {
      void refresh();
    }
  };
  const ask = async (address: string, name: string, mode: Outsider["mode"]) => {
    await withStepUp(() => outside.invite(conversationId, { address, name, mode }));
    void refresh();
    showToast({ message: t("{name} gets what is said here from now on", { name }) });
  };
  return {
    /** Throws, so that a form can show what is wrong at its field. */
    ask,
    change: async (one: Outsider, changes: OutsiderChange) => {
      await show(client, one, changes);
      await attempt(() => outside.change(conversationId, one.id, changes));
    },
    renew: async (one: Outsider) => {
      if (await attempt(() => outside.renew(conversationId, one.id)))
        showToast({ message: t("The next mail brings {name} another address", { name: one.name }) });
    },
    /** At once: who is out must get nothing more. What takes it back asks them in again. */
    remove: async (one: Outsider) => {
      await show(client, one, { state: "left" });
      if (!(await attempt(() => outside.remove(conversationId, one.id)))) return;
      const back = () => void attempt(() => ask(one.address, one.name, one.mode));
      showToast({
        message: t("{name} is out: nothing more goes there", { name: one.name }),
        action: { label: t("Ask in again"), run: back },
      });
    },
  };
}

async function show(client: QueryClient, one: Outsider, changes: Partial<Outsider>): Promise<void> {
  const queryKey = outsideKeys.outsiders(one.conversation_id);
  const write = () =>
    client.setQueryData<Outsider[]>(queryKey, (all) =>
      all?.map((other) => (other.id === one.id ? { ...other, ...changes } : other)),
    );
  write(); // in the click itself: a controlled list springs back otherwise
  await client.cancelQueries({ queryKey });
  write(); // since stopping what was being read puts back what was there before
}
