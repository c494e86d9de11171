import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, Suspense, useRef, useState } from "react";
import { messageOf } from "../../api/error";
import { LISTS_KEY, type MailingList, mailing } from "../../api/mailing";
import { plural, t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/FormProblem";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { Skeleton } from "../../ui/Skeleton";
import { showToast } from "../../ui/toasts";
import { Card } from "../settings/Card";
import { useMe, usePreferences } from "../settings/usePreferences";
import { reached } from "./words";

const RichEditor = onDemand(async () => (await import("../settings/SignatureEditor")).SignatureEditor);

type Words = { subject: string; html: string; identity_id: string };

/** One mail to everybody on the list; what is written is asked about once, since it goes to many. */
export function WriteForm({ list }: { list: MailingList }) {
  const [isOpen, setOpen] = useState(false);
  const count = reached(list);
  return (
    <Card title={t("Write to it")}>
      {isOpen ? (
        <Editor list={list} onDone={() => setOpen(false)} />
      ) : (
        <div className="flex flex-wrap items-center gap-3 py-3">
          <Button kind="primary" disabled={count <= 0} onClick={() => setOpen(true)}>
            {t("Write a mail")}
          </Button>
          <p className="text-sm text-muted">
            {count > 0
              ? plural(count, "It goes to {n} person.", "It goes to {n} people, each by themselves.")
              : t("Put somebody on it first.")}
          </p>
        </div>
      )}
    </Card>
  );
}

function Editor({ list, onDone }: { list: MailingList; onDone: () => void }) {
  const client = useQueryClient();
  const me = useMe();
  const seconds = usePreferences().undo_send_seconds;
  const identities = (me?.identities ?? []).filter((one) => one.account_id === list.account_id);
  const [words, setWords] = useState<Words>({ subject: "", html: "", identity_id: identities[0]?.id ?? "" });
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const key = useRef(crypto.randomUUID());
  const put = (changes: Partial<Words>) => {
    key.current = crypto.randomUUID();
    setWords({ ...words, ...changes });
  };
  const refresh = () => client.invalidateQueries({ queryKey: LISTS_KEY });
  const takeBack = async (submissionId: string) => {
    try {
      await mailing.cancel(submissionId);
      showToast({ message: t("Taken back. The text lies in Drafts.") });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    void refresh();
  };
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { identity_id, ...text } = words;
      const body = { ...text, ...(identity_id ? { identity_id } : {}), hold_seconds: seconds };
      const sent = await mailing.send(list.id, body, key.current);
      const undo = { label: t("Undo"), run: () => void takeBack(sent.submission_id) };
      showToast({
        message: t("Sent to {title}.", { title: list.title }),
        action: sent.undo_until ? undo : null,
        ...(sent.undo_until ? { durationMs: seconds * 1_000 } : {}),
      });
      onDone();
      void refresh();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
    setAsking(false);
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
  };
  return (
    <form aria-label={t("Mail to {title}", { title: list.title })} onSubmit={ask} className="flex flex-col gap-3 py-3">
      {identities.length > 1 && (
        <SelectField
          label={t("From")}
          value={words.identity_id}
          error={undefined}
          options={identities.map(({ id, email }) => ({ value: id, label: email }))}
          onChange={(identity_id) => put({ identity_id })}
        />
      )}
      <Field
        label={t("Subject")}
        maxLength={500}
        autoFocus
        value={words.subject}
        onChange={(event) => put({ subject: event.target.value })}
      />
      <Suspense fallback={<Skeleton className="h-36 w-full" />}>
        <RichEditor html="" onChange={(html) => put({ html })} label={t("Message")} />
      </Suspense>
      <FormProblem text={problem} />
      <div className="flex gap-2">
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={!words.subject.trim() || !words.html}>
          {t("Send")}
        </Button>
        <Button kind="ghost" onClick={onDone}>
          {t("Cancel")}
        </Button>
      </div>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("Send it to everybody?")}
        width="narrow"
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{t("Go back")}</Button>
            <Button kind="primary" isBusy={isBusy} onClick={() => void send()}>
              {t("Send")}
            </Button>
          </>
        }
      >
        <p className="text-base">
          {plural(
            reached(list),
            "“{subject}” goes to {n} person on {title}.",
            "“{subject}” goes to {n} people on {title}.",
            { subject: words.subject, title: list.title },
          )}
        </p>
      </Dialog>
    </form>
  );
}
