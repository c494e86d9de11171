/** Where the focus goes between a timeline and what is written under it. */
import { rowDomId } from "./chatView";

export const composerDomId = (place: string) => `chat-field-${place.trim().replace(" ", "-")}`;

/** After what was asked for is drawn. */
export function focusComposer(place: string): void {
  requestAnimationFrame(() => {
    const field = document.getElementById(composerDomId(place));
    if (!(field instanceof HTMLTextAreaElement)) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
}

export function focusRowOf(id: string): void {
  const row = document.getElementById(rowDomId(id));
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}
