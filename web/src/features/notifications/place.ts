/** Where what one is told of can be looked at, and how a count is shown. */
import type { Notification } from "../../api/notifications";

/** The address of what it is of; null for what is only said. */
export function placeOf({ about }: Pick<Notification, "about">): string | null {
  if (about?.room === "mail" && about.in) return `/mail/inbox/${encodeURIComponent(about.in)}`;
  if (about?.room === "conversations" || about?.room === "reminders") return conversationPlace(about.id, about.in);
  return null;
}

/** A number, or that of a thread, a point, and a number in it. */
const PLACE = /^(?:(\d{1,19})\.)?(\d{1,15})$/;

function conversationPlace(id: string, inside: string): string {
  const [, thread, at] = PLACE.exec(inside) ?? [];
  const search = [thread && `thread=${thread}`, at && `at=${at}`].filter(Boolean).join("&");
  return `/conversations/${encodeURIComponent(id)}${search && `?${search}`}`;
}

const MOST = 99;

export function countOf(unread: number): string {
  return unread > MOST ? `${MOST}+` : String(unread);
}

/** The list as it is once some of it is read: until the server says so itself. */
export function withRead<Page extends { items: Notification[]; unread: number }>(
  page: Page,
  isMeant: (one: Notification) => boolean,
): Page {
  const meant = page.items.filter((one) => !one.is_read && isMeant(one));
  const items = page.items.map((one) => (meant.includes(one) ? { ...one, is_read: true } : one));
  return { ...page, items, unread: Math.max(0, page.unread - meant.length) };
}
