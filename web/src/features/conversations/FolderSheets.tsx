import { useQueryClient } from "@tanstack/react-query";
import { Folder, FolderPlus } from "lucide-react";
import { useState } from "react";
import { t } from "../../lib/i18n";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import type { PickerItem } from "../../ui/Picker";
import { Picker } from "../../ui/Picker";
import type { Listed } from "./listing";
import { foldersOf, nameOf } from "./listing";
import { askFolder, askFolderName, useListView } from "./listView";
import { moveTo, renameFolder } from "./placeActs";

const NEW = "new";
const NONE = "none";
const MOST = 60;

/** Which folder a conversation goes to, and what a folder is called. */
export function FolderSheets({ all }: { all: readonly Listed[] }) {
  const { movingId, renaming } = useListView();
  const moving = all.find((one) => one.conversation.id === movingId);
  if (moving) return <MoveSheet moving={moving} all={all} />;
  if (renaming !== null) return <RenameDialog key={renaming} folder={renaming} />;
  return null;
}

function MoveSheet({ moving: { conversation }, all }: { moving: Listed; all: readonly Listed[] }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const name = typed.trim().slice(0, MOST);
  const folders = foldersOf(all.map((one) => one.conversation));
  const isIn = conversation.me?.folder ?? "";
  const items: PickerItem[] = [
    ...folders.map((title) => ({ id: `in ${title}`, title, icon: Folder, hint: title === isIn ? t("here now") : "" })),
    ...(isIn ? [{ id: NONE, title: t("No folder") }] : []),
    ...(name && !folders.includes(name)
      ? [{ id: NEW, title: t("New folder “{name}”", { name }), icon: FolderPlus, isAlways: true }]
      : []),
  ];
  const pick = (id: string) => {
    askFolder(null);
    void moveTo(client, conversation, id === NEW ? name : id === NONE ? "" : id.slice("in ".length));
  };
  return (
    <Picker
      title={t("Move {name}", { name: nameOf(conversation) })}
      placeholder={t("Move to …")}
      items={items}
      emptyText={t("Type a name, and a folder is made.")}
      onType={setTyped}
      onPick={pick}
      onClose={() => askFolder(null)}
    />
  );
}

function RenameDialog({ folder }: { folder: string }) {
  const client = useQueryClient();
  const form = useForm({ name: folder });
  const close = () => askFolderName(null);
  const save = async ({ name }: { name: string }) => {
    if (name.trim() !== folder) await renameFolder(client, folder, name.trim());
    close();
  };
  return (
    <FormDialog
      title={t("Rename the folder")}
      submitLabel={t("Rename")}
      form={form}
      onSubmit={form.submit(save)}
      onClose={close}
    >
      <Field label={t("Name")} required maxLength={MOST} {...form.field("name")} />
    </FormDialog>
  );
}
