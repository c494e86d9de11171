/** A message into a mail: quoted, below whatever one writes. */
import type { Message } from "../../api/chat";
import { compose } from "../../commands/compose";
import { plainLine } from "../../lib/chat-text";
import { t } from "../../lib/i18n";

const SUBJECT = 60;

export function mailMessage({ author, created_at, html, text }: Message, where: string): void {
  const subject = plainLine(text, SUBJECT) || where;
  const name = author.name || t("Somebody who left");
  compose({ mode: "new", words: { subject, name, where, at: created_at, html } });
}
