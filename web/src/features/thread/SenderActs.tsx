import { useQuery, useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { junk, type Sender, sendersKey, sendersQuery } from "../../api/junk";
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { useMe } from "../settings/usePreferences";
import { listedAs } from "./whyWords";

type SenderActsProps = { email: Email; isJunk: boolean; onTakeBack: () => void };

/** Always or never let the sender in, and the way back from either; for one's own account. */
export function SenderActs({ email, isJunk, onTakeBack }: SenderActsProps) {
  const client = useQueryClient();
  const senders = useQuery(sendersQuery("own")).data?.items;
  const isOwn = useMe()?.accounts.some((one) => one.is_own && one.id === email.account_id) ?? false;
  const address = email.from[0]?.email;
  if (!address || !senders || !isOwn) return null;
  const listed = listedAs(address, senders);
  const refresh = () => client.invalidateQueries({ queryKey: sendersKey("own") });
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      showToast({ message: t("Not changed. {why}", { why: messageOf(error) }), kind: "problem" });
    }
    await refresh();
  };
  const put = (list: Sender["list"]) =>
    attempt(async () => {
      const made = await junk.list("own", address, list);
      const message =
        list === "allow"
          ? t("Mail from {address} is never junk to you now.", { address })
          : t("Mail from {address} goes to Junk now.", { address });
      const run = () => void attempt(() => junk.unlist(made.id));
      showToast({ message, action: { label: t("Undo"), run } });
      if (list === "allow" && isJunk) onTakeBack();
    });
  if (listed) {
    return (
      <Button size="small" onClick={() => void attempt(() => junk.unlist(listed.id))}>
        {listed.list === "allow"
          ? t("No longer always let {sender} in", { sender: listed.value })
          : t("No longer block {sender}", { sender: listed.value })}
      </Button>
    );
  }
  return (
    <>
      <Button size="small" onClick={() => void put("allow")}>
        {t("Never junk from this sender")}
      </Button>
      {!isJunk && (
        <Button size="small" onClick={() => void put("block")}>
          {t("Block this sender")}
        </Button>
      )}
    </>
  );
}
