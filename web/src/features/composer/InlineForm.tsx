import { type ReactNode, useEffect, useRef } from "react";
import { t } from "../../lib/i18n";
import { ComposerForm } from "./ComposerForm";
import { closeWithWord } from "./ComposerWindow";
import type { Composer } from "./session";

type InlineFormProps = { composer: Composer; extra: ReactNode; audience?: ReactNode };

/** The composer inside a thread. Esc puts it away; what was written stays a draft. */
export function InlineForm({ composer, extra, audience }: InlineFormProps) {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    frame.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, []);
  return (
    <section
      ref={frame}
      aria-label={t("Your answer")}
      className="scroll-my-4 animate-[fade_100ms] overflow-hidden rounded-md border border-line-strong bg-raised"
    >
      {audience}
      <ComposerForm
        composer={composer}
        isSubjectHidden={composer.mode !== "forward"}
        onEscape={() => void closeWithWord(composer.key)}
        extra={extra}
        className="max-h-[70dvh] min-h-64"
      />
    </section>
  );
}
