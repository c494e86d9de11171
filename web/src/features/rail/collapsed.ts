/** Which mailboxes hide what lies in them; kept on this device, as the widths of the panes are. */
import { create } from "zustand";

const STORED = "posthouse.collapsed";

export const useCollapsed = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set(stored()) }));

function stored(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function setCollapsed(id: string, isCollapsed: boolean): void {
  const ids = new Set(useCollapsed.getState().ids);
  if (isCollapsed) ids.add(id);
  else ids.delete(id);
  useCollapsed.setState({ ids });
  try {
    localStorage.setItem(STORED, JSON.stringify([...ids]));
  } catch {
    // Storage is shut: it holds until the page closes.
  }
}
