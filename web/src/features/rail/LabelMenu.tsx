import { useQueryClient } from "@tanstack/react-query";
import { Clock, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { messageOf } from "../../api/error";
import type { Mailbox } from "../../api/types";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem } from "../../ui/Menu";
import { showToast } from "../../ui/toasts";
import { LabelForm } from "./LabelForm";
import { deleteLabel, renameLabel } from "./labels";

const RetentionDialog = onDemand(async () => (await import("../rules/Retention")).RetentionDialog);

export function LabelMenu({ mailbox }: { mailbox: Mailbox }) {
  const client = useQueryClient();
  const [question, setQuestion] = useState<"rename" | "keep" | "delete" | null>(null);
  const close = () => setQuestion(null);
  const destroy = () => {
    close();
    deleteLabel(client, mailbox).catch((error: unknown) => showToast({ kind: "problem", message: messageOf(error) }));
  };
  return (
    <span className="absolute top-0.5 right-0.5 rounded-md bg-hover opacity-0 group-hover/label:opacity-100 focus-within:opacity-100 has-data-[state=open]:opacity-100">
      <Menu
        label={t("Label {name}", { name: mailbox.name })}
        trigger={
          <IconButton icon={MoreHorizontal} label={t("More about {name}", { name: mailbox.name })} size="small" />
        }
      >
        <MenuItem icon={Pencil} onSelect={() => setQuestion("rename")}>
          {t("Rename")}
        </MenuItem>
        <MenuItem icon={Clock} onSelect={() => setQuestion("keep")}>
          {t("How long mail is kept")}
        </MenuItem>
        <MenuItem icon={Trash2} isDanger onSelect={() => setQuestion("delete")}>
          {t("Delete label")}
        </MenuItem>
      </Menu>
      <Dialog isOpen={question === "rename"} onClose={close} title={t("Rename label")} width="narrow">
        <LabelForm
          submitLabel={t("Rename")}
          start={{ name: mailbox.name, parentId: mailbox.parent_id }}
          excludedId={mailbox.id}
          onSubmit={({ name, parentId }) => renameLabel(client, mailbox, { name, parent_id: parentId })}
          onDone={close}
        />
      </Dialog>
      {question === "keep" && (
        <Suspense fallback={null}>
          <RetentionDialog mailbox={mailbox} onClose={close} />
        </Suspense>
      )}
      <Dialog
        isOpen={question === "delete"}
        onClose={close}
        title={t("Delete the label {name}?", { name: mailbox.name })}
        width="narrow"
        footer={
          <>
            <Button onClick={close}>{t("Cancel")}</Button>
            <Button kind="danger" onClick={destroy}>
              {t("Delete label")}
            </Button>
          </>
        }
      >
        <p className="text-sm text-muted">{t("Mail that lies nowhere else goes to Trash.")}</p>
      </Dialog>
    </span>
  );
}
