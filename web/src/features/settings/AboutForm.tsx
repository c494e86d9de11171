import { CircleAlert, Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Myself } from "../../api/myself";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Field, Input } from "../../ui/Input";
import { TextAreaField } from "../../ui/TextArea";
import { showToast } from "../../ui/toasts";
import { type About, aboutOf, changesOf, MOST_LINKS, TEXTS } from "./about";
import { useChangeMyself } from "./useMyself";

type TextName = (typeof TEXTS)[number];

const SHORT: { name: TextName; label: string; hint?: string; most: number; complete?: string }[] = [
  { name: "name", label: "Name", most: 200, complete: "name" },
  { name: "display_name", label: "What colleagues call you", hint: "Shown in place of the name.", most: 100 },
  { name: "pronouns", label: "Pronouns", most: 40 },
  { name: "title", label: "Title", most: 100, complete: "organization-title" },
  { name: "department", label: "Department", most: 100 },
  { name: "phone", label: "Phone", most: 40, complete: "tel" },
  { name: "location", label: "Location", most: 100 },
];

export function AboutForm({ myself }: { myself: Myself }) {
  const { save } = useChangeMyself();
  const before = aboutOf(myself);
  const [now, setNow] = useState(before);
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const changes = changesOf(before, now);
  const isChanged = Object.keys(changes).length > 0;
  const put = (part: Partial<About>) => setNow({ ...now, ...part });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblems({});
    try {
      await save(changes);
      setNow({ ...now, ...(changes as Partial<About>) });
      showToast({ message: t("Profile saved."), durationMs: 3_000 });
    } catch (error) {
      setProblems(problemsOf(error, [...TEXTS, "links"]));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4 py-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {SHORT.map(({ name, label, hint, most, complete }) => (
          <Field
            key={name}
            label={t(label)}
            hint={hint && t(hint)}
            error={problems[name]}
            type={name === "phone" ? "tel" : "text"}
            maxLength={most}
            autoComplete={complete ?? "off"}
            value={now[name]}
            onChange={(event) => put({ [name]: event.target.value })}
          />
        ))}
      </div>
      <TextAreaField
        label={t("About you")}
        error={problems.about}
        maxLength={2_000}
        value={now.about}
        onChange={(event) => put({ about: event.target.value })}
      />
      <Links links={now.links} problem={problems.links} onChange={(links) => put({ links })} />
      {problems[""] && (
        <Banner tone="danger" icon={CircleAlert}>
          {problems[""]}
        </Banner>
      )}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={!isChanged || !now.name.trim()}>
          {t("Save")}
        </Button>
        {isChanged && (
          <Button
            kind="ghost"
            onClick={() => {
              setNow(before);
              setProblems({});
            }}
          >
            {t("Put back")}
          </Button>
        )}
      </div>
    </form>
  );
}

type LinksProps = { links: About["links"]; problem: string | undefined; onChange: (links: About["links"]) => void };

function Links({ links, problem, onChange }: LinksProps) {
  const put = (index: number, part: Partial<About["links"][number]>) =>
    onChange(links.map((link, at) => (at === index ? { ...link, ...part } : link)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{t("Links")}</legend>
      {links.map((link, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a link has nothing of its own but its place
        <div key={index} className="flex items-center gap-2">
          <Input
            aria-label={t("Name of link {n}", { n: index + 1 })}
            placeholder={t("Name")}
            maxLength={60}
            value={link.name}
            onChange={(event) => put(index, { name: event.target.value })}
            className="max-w-40 max-sm:max-w-24"
          />
          <Input
            aria-label={t("Address of link {n}", { n: index + 1 })}
            aria-invalid={problem ? true : undefined}
            placeholder="https://"
            type="url"
            maxLength={500}
            value={link.url}
            onChange={(event) => put(index, { url: event.target.value })}
          />
          <IconButton
            icon={X}
            label={t("Remove link {n}", { n: index + 1 })}
            onClick={() => onChange(links.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {problem && <p className="text-sm text-danger">{problem}</p>}
      {links.length < MOST_LINKS && (
        <Button size="small" className="self-start" onClick={() => onChange([...links, { name: "", url: "" }])}>
          <Plus size={14} aria-hidden />
          {t("Add a link")}
        </Button>
      )}
    </fieldset>
  );
}
