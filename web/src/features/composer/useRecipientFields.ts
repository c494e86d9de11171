import { useState } from "react";
import type { Composer, RecipientField } from "./session";

export type RecipientFields = {
  isShown: (field: RecipientField) => boolean;
  /** Shows the field and goes to it. */
  reveal: (field: RecipientField) => void;
  /** Keeps it, though its last person may go. */
  keep: (field: RecipientField) => void;
  /** How often one was sent to this field; a new number moves the focus there. */
  callsTo: (field: RecipientField) => number;
};

/** Which of To, Cc and Bcc show, and which one should have the focus. */
export function useRecipientFields({ content, focus }: Composer): RecipientFields {
  const [wanted, setWanted] = useState<RecipientField[]>([]);
  const [call, setCall] = useState<{ field: RecipientField; number: number } | null>(
    focus === "to" ? { field: "to", number: 1 } : null,
  );
  const keep = (field: RecipientField) => setWanted((fields) => (fields.includes(field) ? fields : [...fields, field]));
  return {
    isShown: (field) => field === "to" || wanted.includes(field) || content[field].length > 0,
    keep,
    reveal: (field) => {
      keep(field);
      setCall({ field, number: (call?.number ?? 0) + 1 });
    },
    callsTo: (field) => (call?.field === field ? call.number : 0),
  };
}
