import { CircleAlert } from "lucide-react";
import { type FormEvent, type ReactNode, Suspense, useState } from "react";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";

const RichEditor = onDemand(async () => (await import("../settings/SignatureEditor")).SignatureEditor);

export type TextFormProps = {
  label: string;
  /** What the text is called: "Template", "Signature". */
  text: string;
  name: string;
  html: string;
  children?: ReactNode;
  onSave: (name: string, html: string) => Promise<void>;
  onCancel: () => void;
};

/** A named text with formatting; what else it has stands between the two. */
export function TextForm({ label, text, name: oldName, html: oldHtml, children, onSave, onCancel }: TextFormProps) {
  const [name, setName] = useState(oldName);
  const [html, setHtml] = useState(oldHtml);
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblems({});
    try {
      await onSave(name.trim(), html);
    } catch (error) {
      setProblems(problemsOf(error, ["name", "html"]));
      setBusy(false);
    }
  };
  return (
    <form
      aria-label={label}
      noValidate
      onSubmit={(event) => void save(event)}
      className="flex w-full flex-col gap-3 border-t border-line py-3 first:border-t-0"
    >
      <Field
        label={t("Name")}
        error={problems.name}
        maxLength={100}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {children}
      <Suspense fallback={<Skeleton className="h-36 w-full" />}>
        <RichEditor html={oldHtml} onChange={setHtml} label={text} />
      </Suspense>
      {(problems.html || problems[""]) && (
        <Banner tone="danger" icon={CircleAlert}>
          {problems.html ?? problems[""]}
        </Banner>
      )}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={!name.trim() || !html}>
          {t("Save")}
        </Button>
        <Button kind="ghost" onClick={onCancel}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  );
}
