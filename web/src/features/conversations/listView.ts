/** What stands open over the list of conversations. */
import { create } from "zustand";

/** `at` is where it was asked for, in pixels of the window. */
type OpenMenu = { id: string; at: { x: number; y: number } };

type ListView = { menu: OpenMenu | null; movingId: string | null; renaming: string | null; draggedId: string | null };

export const useListView = create<ListView>(() => ({ menu: null, movingId: null, renaming: null, draggedId: null }));

/** Where a finger rests, the browser may ask for the same a second time. */
export const openLineMenu = (menu: OpenMenu | null) =>
  useListView.setState((now) => (menu && now.menu?.id === menu.id ? now : { ...now, menu }));
export const askFolder = (movingId: string | null) => useListView.setState({ movingId });
export const askFolderName = (renaming: string | null) => useListView.setState({ renaming });
export const drag = (draggedId: string | null) => useListView.setState({ draggedId });
