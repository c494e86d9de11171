import { useState } from "react";
import type { Addr } from "../../api/types";
import { t } from "../../lib/i18n";
import { RecipientField } from "./RecipientField";
import { changeContent } from "./saving";
import { type Composer, type RecipientField as Field, recipientsOf } from "./session";

const LABELS: { [field in Field]: string } = { to: "To", cc: "Cc", bcc: "Bcc" };

/** To, and on demand Cc and Bcc. A field with people in it always shows. */
export function Recipients({ composer, ownAddresses }: { composer: Composer; ownAddresses: string[] }) {
  const { content, key } = composer;
  const [wanted, setWanted] = useState<Field[]>([]);
  const [focus, setFocus] = useState<Field | null>(composer.focus === "to" ? "to" : null);
  const isShown = (field: Field) => field === "to" || wanted.includes(field) || content[field].length > 0;
  const change = (field: Field) => (addrs: Addr[]) => {
    if (field !== "to" && !wanted.includes(field)) setWanted([...wanted, field]);
    changeContent(key, { [field]: addrs });
  };
  const reveal = (field: Field) => {
    setWanted([...wanted, field]);
    setFocus(field);
  };
  const hidden = (["cc", "bcc"] as const).filter((field) => !isShown(field));
  return (
    <>
      {(["to", "cc", "bcc"] as const).filter(isShown).map((field) => (
        <RecipientField
          key={field}
          composerKey={key}
          label={t(LABELS[field])}
          addrs={content[field]}
          taken={recipientsOf(content)}
          ownAddresses={ownAddresses}
          hasFocus={focus === field}
          onChange={change(field)}
          trailing={
            field === "to" && hidden.length > 0 ? (
              <span className="flex shrink-0 pt-1">
                {hidden.map((one) => (
                  <button
                    key={one}
                    type="button"
                    className="h-7 rounded px-1.5 text-sm text-muted hover:bg-hover hover:text-ink"
                    onClick={() => reveal(one)}
                  >
                    {t(LABELS[one])}
                  </button>
                ))}
              </span>
            ) : null
          }
        />
      ))}
    </>
  );
}
