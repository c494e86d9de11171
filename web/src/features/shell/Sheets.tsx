import { useQuery, useQueryClient } from "@tanstack/react-query";
import { MessageSquareText, MessagesSquare } from "lucide-react";
import { useState } from "react";
import { wordsQuery } from "../../api/chat";
import { myselfQuery } from "../../api/myself";
import type { CommandGroup } from "../../commands/command";
import { here } from "../../commands/here";
import { commands, runCommand } from "../../commands/registry";
import { closeSheet, useView } from "../../commands/view";
import { plainLine } from "../../lib/chat-text";
import { plural, t } from "../../lib/i18n";
import { labelBranches } from "../../lib/mailbox-tree";
import { useSettled } from "../../lib/settled";
import { perform } from "../../sync/act-queue";
import { labelThreads } from "../../sync/acts";
import { rowsById } from "../../sync/cache";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import type { PickerItem } from "../../ui/Picker";
import { Picker } from "../../ui/Picker";
import { nameOf } from "../conversations/listing";
import { useListed } from "../conversations/useConversations";
import { LabelForm } from "../rail/LabelForm";
import { createLabel } from "../rail/labels";
import { itemOf, MoveSheet } from "./MoveSheet";
import { useAccount, useMailboxes } from "./useMail";

/** Whatever stands over the page, one at a time. Loaded when it is first wanted. */
export function Sheets() {
  const sheet = useView((view) => view.sheet);
  if (sheet === "palette") return <Palette />;
  if (sheet === "keys") return <KeySheet />;
  if (sheet === "move") return <MoveSheet />;
  if (sheet === "label") return <LabelSheet />;
  if (sheet === "new-label") return <NewLabelSheet />;
  return null;
}

const CONVERSATION = "conversation-";
const MESSAGE = "message-at-";
const MOST_WORDS = 200;

/** Conversations by their name, and messages by words in them. */
function useTalkItems(typed: string): PickerItem[] {
  const { all } = useListed();
  const q = useSettled(typed).trim().slice(0, MOST_WORDS);
  const found = useQuery({ ...wordsQuery(q), enabled: q.length > 1, placeholderData: (before) => before }).data ?? [];
  const names = new Map(all.map(({ conversation }) => [conversation.id, nameOf(conversation)]));
  return [
    ...all.map(({ conversation, unread }) => ({
      id: CONVERSATION + conversation.id,
      title: nameOf(conversation),
      hint: unread > 0 ? plural(unread, "{n} unread", "{n} unread") : conversation.topic,
      icon: MessagesSquare,
    })),
    ...(q.length > 1 ? found : []).map((one) => ({
      id: `${MESSAGE}${one.conversation_id}-${one.number}`,
      title: plainLine(one.text, 60) || t("a file"),
      hint: `${one.author.name} · ${names.get(one.conversation_id) ?? ""}`,
      icon: MessageSquareText,
      isAlways: true,
    })),
  ];
}

/** True where it was one of them. */
function openTalk(id: string): boolean {
  const open = here()?.openConversations;
  if (id.startsWith(CONVERSATION)) open?.(id.slice(CONVERSATION.length));
  else if (id.startsWith(MESSAGE)) {
    const [conversation, number] = id.slice(MESSAGE.length).split("-");
    if (conversation) open?.(conversation, Number(number));
  } else return false;
  return true;
}

function Palette() {
  const { sheetThreadIds } = useView();
  const [typed, setTyped] = useState("");
  const talk = useTalkItems(typed);
  // What one may do decides which commands there are.
  useQuery(myselfQuery);
  const context = here(sheetThreadIds.length > 0 ? sheetThreadIds : undefined);
  const items = commands
    .filter((command) => context && command.id !== "palette" && (!command.when || command.when(context)))
    .map((command) => ({ id: command.id, title: command.title, icon: command.icon, keys: command.keys[0] }));
  const pick = (id: string) => {
    closeSheet();
    // After the dialog has given the focus back, so that a command may move it on.
    requestAnimationFrame(() => openTalk(id) || runCommand(id));
  };
  return (
    <Picker
      title={t("Commands")}
      placeholder={t("What do you want to do?")}
      items={[...items, ...talk]}
      onType={setTyped}
      emptyText={t("No command of that name.")}
      onPick={pick}
      onClose={closeSheet}
    />
  );
}

const NEW = "new";

function LabelSheet() {
  const client = useQueryClient();
  const account = useAccount();
  const { mailboxes } = useMailboxes();
  const ids = useView((view) => view.sheetThreadIds);
  const rows = rowsById(client, ids);
  const has = (id: string) => rows.length > 0 && rows.every((row) => row.mailbox_ids.includes(id));
  const labels = labelBranches(mailboxes);
  const put = (id: string) => {
    const change = has(id) ? { add: [], remove: [id] } : { add: [id], remove: [] };
    perform(labelThreads(rowsById(client, ids), change));
  };
  const pick = (id: string, typed: string) => {
    closeSheet();
    if (id !== NEW) put(id);
    else if (account && typed.trim()) {
      void createLabel(client, account.id, { name: typed.trim(), parent_id: null }).then((made) => put(made.id));
    } else useView.setState({ sheet: "new-label" });
  };
  const items = labels.map((label) => ({ ...itemOf(label), isTicked: has(label.mailbox.id) }));
  return (
    <Picker
      title={t("Label")}
      placeholder={t("Label as …")}
      items={[...items, { id: NEW, title: t("New label …"), isAlways: true }]}
      emptyText={t("No label of that name.")}
      onPick={pick}
      onClose={closeSheet}
    />
  );
}

function NewLabelSheet() {
  const client = useQueryClient();
  const account = useAccount();
  if (!account) return null;
  return (
    <Dialog isOpen onClose={closeSheet} title={t("New label")} width="narrow">
      <LabelForm
        submitLabel={t("Make label")}
        onSubmit={({ name, parentId }) => createLabel(client, account.id, { name, parent_id: parentId })}
        onDone={closeSheet}
      />
    </Dialog>
  );
}

const GROUPS: { group: CommandGroup; title: string }[] = [
  { group: "threads", title: t("On threads") },
  { group: "chat", title: t("On messages") },
  { group: "move", title: t("Going about") },
  { group: "write", title: t("Writing") },
  { group: "select", title: t("Selecting") },
  { group: "app", title: t("Everything else") },
];

/** Keys of the composer, which are no commands: they mean something only in the mail being written. */
const WHILE_WRITING = [
  { title: t("Send"), keys: ["mod+enter"] },
  { title: t("To Cc"), keys: ["mod+shift+c"] },
  { title: t("To Bcc"), keys: ["mod+shift+b"] },
  { title: t("Link"), keys: ["mod+k"] },
  { title: t("Quote"), keys: ["mod+shift+9"] },
  { title: t("Clear formatting"), keys: ["mod+\\"] },
];

function KeySheet() {
  const keysOf = (group: CommandGroup) => commands.filter((one) => one.group === group && one.keys.length > 0);
  return (
    <Dialog isOpen onClose={closeSheet} title={t("Keyboard shortcuts")} width="wide" isTextOnly>
      <div className="columns-2 gap-10 max-sm:columns-1">
        {GROUPS.map(({ group, title }) => (
          <KeyList key={group} title={title} items={keysOf(group)} />
        ))}
        <KeyList title={t("In a mail being written")} items={WHILE_WRITING} />
      </div>
      <p className="text-xs text-muted">{t("Shift and a click, or Shift and an arrow, select a range.")}</p>
    </Dialog>
  );
}

function KeyList({ title, items }: { title: string; items: readonly { title: string; keys: readonly string[] }[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <dl>
        {items.map((item) => (
          <div key={item.title} className="flex h-7 items-center justify-between gap-4 text-sm">
            <dt>{item.title}</dt>
            <dd className="flex gap-2">
              {item.keys.map((keys) => (
                <Kbd key={keys} keys={keys} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
