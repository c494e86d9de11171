import { plural, t } from "../../lib/i18n";
import { SignatureList } from "../templates/SignatureList";
import { TemplateList } from "../templates/TemplateList";
import { Card } from "./Card";
import { ClientsSection } from "./ClientsSection";
import { ChoiceRow, PickRow, SwitchRow } from "./controls";
import { ExtensionRows } from "./ExtensionRows";
import { SignatureRows } from "./SignatureRows";
import { changePreferences, usePreferences } from "./usePreferences";

const UNDO_SECONDS = [0, 5, 10, 20, 30, 60];

export function MailSection() {
  const preferences = usePreferences();
  const seconds = [...new Set([...UNDO_SECONDS, preferences.undo_send_seconds])].sort((a, b) => a - b);
  return (
    <>
      <Card title={t("Reading and sending")}>
        <PickRow
          at="undo"
          title={t("Undo send")}
          hint={t("A mail waits this long before it leaves, so that you can take it back.")}
          value={String(preferences.undo_send_seconds)}
          options={seconds.map((one) => ({
            value: String(one),
            label: one === 0 ? t("Send at once") : plural(one, "{n} second", "{n} seconds"),
          }))}
          onChange={(value) => void changePreferences({ undo_send_seconds: Number(value) })}
        />
        <ChoiceRow
          at="images"
          title={t("Pictures from elsewhere")}
          hint={t(
            "Loading them can tell the sender that you read the mail. They come through this server, which hides where you are.",
          )}
          value={preferences.remote_images}
          options={[
            { value: "ask", label: t("Ask") },
            { value: "always", label: t("Always show") },
          ]}
          onChange={(value) => void changePreferences({ remote_images: value })}
        />
        <ChoiceRow
          at="receipts"
          title={t("When somebody asks whether you have read their mail")}
          hint={t("Nobody is told anything before you say so, mail by mail.")}
          value={preferences.read_receipts}
          options={[
            { value: "ask", label: t("Ask me") },
            { value: "never", label: t("Never answer") },
          ]}
          onChange={(value) => void changePreferences({ read_receipts: value })}
        />
        <ChoiceRow
          at="archive"
          title={t("After archiving or deleting")}
          value={preferences.after_archive}
          options={[
            { value: "next", label: t("Open the next") },
            { value: "list", label: t("Back to the list") },
          ]}
          onChange={(value) => void changePreferences({ after_archive: value })}
        />
        <SwitchRow
          at="shortcuts"
          title={t("Keyboard shortcuts")}
          hint={t("Single keys as in Gmail. Press ? in the mail list to see them.")}
          isOn={preferences.shortcuts}
          onChange={(shortcuts) => void changePreferences({ shortcuts })}
        />
      </Card>
      <Card title={t("Names and signatures")} at="signatures">
        <SignatureRows />
      </Card>
      <Card
        title={t("Signatures to choose from")}
        hint={t("Put one in while you write, or let an address begin with it.")}
        at="more-signatures"
      >
        <SignatureList />
      </Card>
      <Card
        title={t("Templates")}
        hint={t("Put one in while you write (Ctrl ;). Rules can answer with them.")}
        at="templates"
      >
        <TemplateList />
      </Card>
      <Card title={t("Connect a mail client")} at="clients">
        <ClientsSection />
      </Card>
      <Card
        title={t("When a mail program misbehaves")}
        hint={t(
          "Some programs get a part of IMAP wrong. What is off here is not offered to yours, from their next log-in on.",
        )}
        at="extensions"
      >
        <ExtensionRows />
      </Card>
    </>
  );
}
