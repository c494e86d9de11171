/** On a phone the rail is a drawer. */
import { create } from "zustand";

export const useDrawer = create<{ isOpen: boolean }>(() => ({ isOpen: false }));

export function openDrawer(): void {
  useDrawer.setState({ isOpen: true });
}

export function closeDrawer(): void {
  useDrawer.setState({ isOpen: false });
}
