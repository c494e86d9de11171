import { MailCheck } from "lucide-react";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuCheckItem } from "../../ui/Menu";
import { changeContent } from "./saving";
import type { Composer } from "./session";

/** What one wants to hear of the mail afterwards: that it arrived, that it was read. */
export function ReceiptMenu({ composer: { key, content } }: { composer: Composer }) {
  const asksRead = content.asksRead ?? false;
  const asksDelivery = content.asksDelivery ?? false;
  const isOn = asksRead || asksDelivery;
  const label = isOn ? t("Receipts: asked for") : t("Receipts");
  return (
    <Menu
      label={t("Receipts")}
      side="top"
      trigger={
        <IconButton
          icon={MailCheck}
          label={label}
          tooltipSide="top"
          {...(isOn ? { iconClassName: "text-accent" } : {})}
        />
      }
    >
      <MenuCheckItem isChecked={asksDelivery} onChange={(isAsked) => changeContent(key, { asksDelivery: isAsked })}>
        {t("Tell me when it has arrived")}
      </MenuCheckItem>
      <MenuCheckItem isChecked={asksRead} onChange={(isAsked) => changeContent(key, { asksRead: isAsked })}>
        {t("Ask whether it was read")}
      </MenuCheckItem>
    </Menu>
  );
}
