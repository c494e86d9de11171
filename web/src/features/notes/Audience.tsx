import { Mail, Reply, StickyNote } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";

type AudienceProps = { kind: "reply" | "note"; onReply: () => void; onNote: () => void; children: ReactNode };

/** Over what one writes on a thread: whether it is mail or a note, in its colour, and who gets it. */
export function Audience({ kind, onReply, onNote, children }: AudienceProps) {
  const isNote = kind === "note";
  return (
    <header
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 text-sm",
        isNote ? "text-warn" : "border-b border-line bg-accent-soft text-ink",
      )}
    >
      <fieldset className="flex shrink-0 overflow-hidden rounded-md border border-line-strong bg-raised">
        <legend className="sr-only">{t("Who gets it")}</legend>
        <Choice icon={Reply} name={t("Reply")} isOn={!isNote} onClick={onReply} />
        <Choice icon={StickyNote} name={t("Note")} isOn={isNote} onClick={onNote} />
      </fieldset>
      <p className="flex min-w-0 flex-1 basis-40 items-center gap-1.5 font-medium">
        {isNote ? (
          <StickyNote size={14} aria-hidden className="shrink-0" />
        ) : (
          <Mail size={14} aria-hidden className="shrink-0" />
        )}
        <span className="min-w-0">{children}</span>
      </p>
    </header>
  );
}

type ChoiceProps = { icon: typeof Reply; name: string; isOn: boolean; onClick: () => void };

function Choice({ icon: Icon, name, isOn, onClick }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cx(
        "flex h-7 items-center gap-1.5 px-2.5 max-sm:h-9",
        isOn ? "bg-ink font-semibold text-paper" : "text-muted hover:bg-hover hover:text-ink",
      )}
    >
      <Icon size={14} aria-hidden />
      {name}
    </button>
  );
}
