import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { LISTS_KEY, listsQuery, type MailingList, mailing } from "../../api/mailing";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { Card } from "../settings/Card";
import { Waiting } from "../settings/Waiting";
import { nameFrom, reachWords } from "./words";

export function ListsSection() {
  return (
    <Card
      title={t("Mailing lists")}
      hint={t(
        "People you write to all at once: each gets a mail of their own, with a link that takes them off the list by one click.",
      )}
      at="lists"
    >
      <Lists />
    </Card>
  );
}

function Lists() {
  const { data, error, refetch } = useQuery(listsQuery);
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const open = (id: string) => void navigate({ to: "/settings/lists/$listId", params: { listId: id } });
  return (
    <>
      {data.length > 0 && (
        <ul aria-label={t("Mailing lists")}>
          {data.map((one) => (
            <ListRow key={one.id} list={one} />
          ))}
        </ul>
      )}
      <div className={cx("flex items-center gap-3 py-3", data.length > 0 && "border-t border-line")}>
        <Button onClick={() => setOpen(true)}>{t("Add a list")}</Button>
        {data.length === 0 && <p className="text-sm text-muted">{t("None yet.")}</p>}
      </div>
      {isOpen && <NewList onClose={() => setOpen(false)} onMade={open} />}
    </>
  );
}

function ListRow({ list }: { list: MailingList }) {
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        to="/settings/lists/$listId"
        params={{ listId: list.id }}
        className="-mx-2 flex items-center gap-3 rounded px-2 py-2.5 hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-medium">
            {list.title}
          </span>
          <span className="block truncate text-sm text-muted">{reachWords(list)}</span>
        </span>
        <ChevronRight size={16} aria-hidden className="shrink-0 text-muted" />
      </Link>
    </li>
  );
}

function NewList({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const client = useQueryClient();
  const form = useForm({ title: "", name: "" }, { byCode: { list_exists: "name" } });
  const { title, name } = form.values;
  const add = form.submit(async () => {
    const made = await mailing.add({ title: title.trim(), name: name.trim() || nameFrom(title) });
    void client.invalidateQueries({ queryKey: LISTS_KEY });
    onMade(made.id);
  });
  return (
    <FormDialog title={t("Add a list")} submitLabel={t("Add")} form={form} onSubmit={add} onClose={onClose}>
      <Field
        label={t("Title")}
        hint={t("What it is called in your mail and here.")}
        type="text"
        maxLength={200}
        required
        autoFocus
        autoComplete="off"
        {...form.field("title")}
      />
      <Field
        label={t("Name in links")}
        hint={t("Small letters, digits and dashes. It cannot be changed later.")}
        type="text"
        maxLength={100}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={nameFrom(title)}
        {...form.field("name")}
      />
    </FormDialog>
  );
}
