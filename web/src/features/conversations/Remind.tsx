import { useState } from "react";
import { t } from "../../lib/i18n";
import { Picker } from "../../ui/Picker";
import { remind } from "./messageActs";
import { moments } from "./moments";
import { AtDialog } from "./SendButton";

const AT = "at";

/** When one is reminded of a message. */
export function RemindSheet({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const named = moments();
  const pick = (id: string) => {
    const found = named.find((one) => one.title === id);
    if (!found) return setAsking(true);
    onClose();
    void remind(messageId, found.at);
  };
  if (isAsking)
    return (
      <AtDialog title={t("Remind me at")} onClose={onClose} onPick={(iso) => void remind(messageId, new Date(iso))} />
    );
  const items = [...named.map((one) => ({ id: one.title, title: one.title })), { id: AT, title: t("at …") }];
  return (
    <Picker
      title={t("Remind me")}
      placeholder={t("Remind me …")}
      items={items}
      emptyText={t("No such moment.")}
      onPick={pick}
      onClose={onClose}
    />
  );
}
