/** How one likes to send; kept on this device, since it depends on the keyboard. */
import { create } from "zustand";

export const HOLDS = [0, 5, 10, 30];

type Ways = { enterSends: boolean; holdSeconds: number };
const STORED = "posthouse.chat";

export const useChatWays = create<Ways>(() => ({ enterSends: true, holdSeconds: 0, ...stored() }));

function stored(): Partial<Ways> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return value !== null && typeof value === "object" ? (value as Partial<Ways>) : {};
  } catch {
    return {};
  }
}

export function setChatWays(changes: Partial<Ways>): void {
  useChatWays.setState(changes);
  try {
    localStorage.setItem(STORED, JSON.stringify(useChatWays.getState()));
  } catch {
    // Storage is shut: it holds until the page closes.
  }
}
