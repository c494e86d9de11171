import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { TEMPLATES_KEY, type Template, templates, templatesQuery } from "../../api/templates";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import { useMyself } from "../settings/useMyself";
import { Waiting } from "../settings/Waiting";
import { TextForm } from "./TextForm";
import { TextRow } from "./TextRow";

/** One's own templates, and the organisation's for who may write them. */
export function TemplateList() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(templatesQuery);
  const mayShare = useMyself().data?.permissions.includes("organisation.manage") ?? false;
  const [open, setOpen] = useState<string | null>(null);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const done = async () => {
    setOpen(null);
    await client.invalidateQueries({ queryKey: TEMPLATES_KEY });
  };
  const remove = async (one: Template) => {
    try {
      await templates.remove(one.id);
      await done();
    } catch (failure) {
      showToast({ message: t("Not removed. {why}", { why: messageOf(failure) }), kind: "problem" });
    }
  };
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t("Templates")}>
          {data.items.map((one) =>
            open === one.id ? (
              <li key={one.id} className="border-t border-line first:border-t-0">
                <Form template={one} mayShare={mayShare} onDone={() => void done()} />
              </li>
            ) : (
              <TextRow
                key={one.id}
                name={one.name}
                facts={one.is_shared ? t("for everybody here") : ""}
                html={one.html}
                onChange={one.is_shared && !mayShare ? null : () => setOpen(one.id)}
                onRemove={() => void remove(one)}
              />
            ),
          )}
        </ul>
      )}
      {open === "new" ? (
        <Form template={null} mayShare={mayShare} onDone={() => void done()} />
      ) : (
        <div className={cx("flex items-center gap-3 py-3", data.items.length > 0 && "border-t border-line")}>
          <Button onClick={() => setOpen("new")}>{t("Add a template")}</Button>
          {data.items.length === 0 && (
            <p className="text-sm text-muted">{t("None yet: texts that you write again and again.")}</p>
          )}
        </div>
      )}
    </>
  );
}

type FormProps = { template: Template | null; mayShare: boolean; onDone: () => void };

function Form({ template, mayShare, onDone }: FormProps) {
  const [subject, setSubject] = useState(template?.subject ?? "");
  const [isShared, setShared] = useState(false);
  const save = async (name: string, html: string) => {
    const content = { name, html, subject: subject.trim() };
    await (template ? templates.change(template.id, content) : templates.add({ ...content, is_shared: isShared }));
    showToast({ message: t("Template saved."), durationMs: 3_000 });
    onDone();
  };
  return (
    <TextForm
      label={template ? t("Change {name}", { name: template.name }) : t("New template")}
      text={t("Template")}
      name={template?.name ?? ""}
      html={template?.html ?? ""}
      onSave={save}
      onCancel={onDone}
    >
      {!template && mayShare && (
        <Select
          aria-label={t("Whom it is for")}
          value={isShared ? "all" : "own"}
          options={[
            { value: "own", label: t("For me") },
            { value: "all", label: t("For everybody here") },
          ]}
          onChange={(value) => setShared(value === "all")}
          className="h-9 self-start"
        />
      )}
      <Field
        label={t("Subject")}
        maxLength={500}
        value={subject}
        onChange={(event) => setSubject(event.target.value)}
        hint={t("Here and below {{name}}, {{first_name}}, {{email}} and {{domain}} become the recipient's.")}
      />
    </TextForm>
  );
}
