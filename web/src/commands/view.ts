/** The few things that span features: the cursor and the selection of the list, and which sheet is open. */
import { create } from "zustand";

export type Sheet = "palette" | "keys" | "move" | "label" | "new-label" | null;

export type View = {
  focusedId: string | null;
  selected: ReadonlySet<string>;
  /** Where a shift-range starts. */
  anchorId: string | null;
  sheet: Sheet;
  /** Threads a sheet acts on, fixed when it opened. */
  sheetThreadIds: string[];
};

const NONE: ReadonlySet<string> = new Set();

export const useView = create<View>(() => ({
  focusedId: null,
  selected: NONE,
  anchorId: null,
  sheet: null,
  sheetThreadIds: [],
}));

export function focusRow(id: string | null): void {
  useView.setState({ focusedId: id });
}

export function clearSelection(): void {
  useView.setState({ selected: NONE, anchorId: null });
}

export function selectAll(ids: readonly string[]): void {
  useView.setState({ selected: new Set(ids) });
}

export function toggleSelected(id: string): void {
  useView.setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    return { selected: next, anchorId: id, focusedId: id };
  });
}

/** From the anchor (else the cursor) to `id`, in list order; adds to what is selected. */
export function selectRange(ids: readonly string[], id: string): void {
  useView.setState((view) => {
    const from = ids.indexOf(view.anchorId ?? view.focusedId ?? id);
    const to = ids.indexOf(id);
    if (to < 0) return {};
    const [low, high] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    const selected = new Set([...view.selected, ...ids.slice(low, high + 1)]);
    return { selected, focusedId: id, anchorId: from < 0 ? id : (view.anchorId ?? view.focusedId) };
  });
}

export function openSheet(sheet: Sheet, threadIds: string[] = []): void {
  useView.setState({ sheet, sheetThreadIds: threadIds });
}

export function closeSheet(): void {
  useView.setState({ sheet: null });
}
