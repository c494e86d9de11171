/** How wide the rail and the list are; kept on this device, since it depends on the screen. */
import { create } from "zustand";

export type Pane = "rail" | "list";

export const LIMITS: { [pane in Pane]: { min: number; max: number; start: number } } = {
  rail: { min: 168, max: 340, start: 216 },
  list: { min: 320, max: 760, start: 440 },
};

const STORED = "posthouse.panes";

type Panes = { [pane in Pane]: number };

export const usePanes = create<Panes>(() => ({ rail: LIMITS.rail.start, list: LIMITS.list.start, ...stored() }));

function stored(): Partial<Panes> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return value !== null && typeof value === "object" ? (value as Partial<Panes>) : {};
  } catch {
    return {};
  }
}

export function setPane(pane: Pane, width: number): void {
  const { min, max } = LIMITS[pane];
  usePanes.setState({ [pane]: Math.round(Math.min(max, Math.max(min, width))) });
  try {
    localStorage.setItem(STORED, JSON.stringify(usePanes.getState()));
  } catch {
    // Storage is shut: the width holds until the page closes.
  }
}
