import { useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import type { Imported } from "../../api/generated/schema";
import { LISTS_KEY, type MailingList, mailing } from "../../api/mailing";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { TextAreaField } from "../../ui/TextArea";

const MOST_CHARS = 500_000;

/** People typed, pasted or from a file, with how they said yes; then what came of each line. */
export function ImportDialog({ list, onClose }: { list: MailingList; onClose: () => void }) {
  const [done, setDone] = useState<Imported | null>(null);
  if (!done) return <People list={list} onClose={onClose} onDone={setDone} />;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={plural(done.added, "{n} person is on the list now", "{n} people are on the list now")}
      isTextOnly
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      {done.known > 0 && (
        <p className="text-sm">
          {plural(
            done.known,
            "{n} was on it before, and stays as it was.",
            "{n} were on it before, and stay as they were.",
          )}
        </p>
      )}
      {done.refused_count > 0 && (
        <>
          <p className="mt-2 text-sm font-medium">
            {plural(done.refused_count, "{n} line was passed over:", "{n} lines were passed over:")}
          </p>
          <ul className="mt-1 flex flex-col gap-1 text-sm select-text">
            {done.refused.map((one, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and two lines may be alike
              <li key={index} className="[overflow-wrap:anywhere]">
                {one.text} <span className="text-muted">{one.detail}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

type PeopleProps = { list: MailingList; onClose: () => void; onDone: (done: Imported) => void };

function People({ list, onClose, onDone }: PeopleProps) {
  const client = useQueryClient();
  const form = useForm({ people: "", consent: "" }, { byCode: { nobody_named: "people", list_full: "people" } });
  const add = form.submit(async ({ people, consent }) => {
    const done = await mailing.addMembers(list.id, { people, consent: consent.trim() });
    void client.invalidateQueries({ queryKey: LISTS_KEY });
    onDone(done);
  });
  return (
    <FormDialog
      title={t("Add people to {title}", { title: list.title })}
      submitLabel={t("Add")}
      form={form}
      onSubmit={add}
      onClose={onClose}
      width="normal"
    >
      <TextAreaField
        label={t("People")}
        hint={t("One to a line: an address, a name with an address, or rows of a spreadsheet.")}
        rows={7}
        required
        maxLength={MOST_CHARS}
        autoFocus
        spellCheck={false}
        placeholder={"Ann Lee <ann@example.org>\nbob@example.org"}
        {...form.field("people")}
      />
      <FromFile onText={(people) => form.set({ people })} />
      <Field
        label={t("How they said yes")}
        hint={t("Such as: signed the book at the fair, May 2026. It is kept beside each of them.")}
        type="text"
        required
        maxLength={500}
        autoComplete="off"
        {...form.field("consent")}
      />
    </FormDialog>
  );
}

function FromFile({ onText }: { onText: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file) onText((await file.text()).slice(0, MOST_CHARS));
    target.value = "";
  };
  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        aria-label={t("File with people")}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => void read(event)}
      />
      <Button size="small" className="self-start" onClick={() => field.current?.click()}>
        <FileUp size={14} aria-hidden />
        {t("From a file")}
      </Button>
    </>
  );
}
