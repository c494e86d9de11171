import type { Addr } from "../../api/types";
import { t } from "../../lib/i18n";
import { tooltipAttributes } from "../../ui/Tooltip";
import { RecipientField } from "./RecipientField";
import { changeContent } from "./saving";
import { type Composer, type RecipientField as Field, recipientsOf } from "./session";
import type { RecipientFields } from "./useRecipientFields";

const LABELS: { [field in Field]: string } = { to: "To", cc: "Cc", bcc: "Bcc" };
const EXTRAS = [
  { field: "cc", keys: "mod+shift+c", spoken: "Control+Shift+C Meta+Shift+C" },
  { field: "bcc", keys: "mod+shift+b", spoken: "Control+Shift+B Meta+Shift+B" },
] as const;

export type RecipientsProps = { composer: Composer; fields: RecipientFields; ownAddresses: string[] };

/** To, and on demand Cc and Bcc. A field with people in it always shows. */
export function Recipients({ composer, fields, ownAddresses }: RecipientsProps) {
  const { content, key } = composer;
  const change = (field: Field) => (addrs: Addr[]) => {
    if (field !== "to") fields.keep(field);
    changeContent(key, { [field]: addrs });
  };
  const hidden = EXTRAS.filter(({ field }) => !fields.isShown(field));
  return (
    <>
      {(["to", "cc", "bcc"] as const).filter(fields.isShown).map((field) => (
        <RecipientField
          key={field}
          composerKey={key}
          label={t(LABELS[field])}
          addrs={content[field]}
          taken={recipientsOf(content)}
          ownAddresses={ownAddresses}
          calls={fields.callsTo(field)}
          onChange={change(field)}
          trailing={
            field === "to" && hidden.length > 0 ? (
              <span className="flex pt-1">
                {hidden.map((one) => (
                  <button
                    key={one.field}
                    type="button"
                    aria-keyshortcuts={one.spoken}
                    className="h-7 rounded px-1.5 text-sm text-muted hover:bg-hover hover:text-ink"
                    onClick={() => fields.reveal(one.field)}
                    {...tooltipAttributes(t("Add {field}", { field: t(LABELS[one.field]) }), one.keys, "top")}
                  >
                    {t(LABELS[one.field])}
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
