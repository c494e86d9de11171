import type { LucideIcon } from "lucide-react";
import { Archive, Ban, FileText, Inbox, Send, Tag, Trash2 } from "lucide-react";
import type { Mailbox, MailboxRole } from "../../api/types";

const ICONS: { [role in MailboxRole]: LucideIcon } = {
  inbox: Inbox,
  drafts: FileText,
  sent: Send,
  archive: Archive,
  junk: Ban,
  trash: Trash2,
};

export function mailboxIcon(mailbox: Mailbox): LucideIcon {
  return mailbox.role ? ICONS[mailbox.role] : Tag;
}
