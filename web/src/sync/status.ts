/** The small honest sign: is what you see what the server has, and does anything wait to be sent? */
import { create } from "zustand";

export type Connection = "connecting" | "live" | "reconnecting" | "offline";

type SyncStatus = { connection: Connection; waitingActs: number };

export const useSyncStatus = create<SyncStatus>(() => ({ connection: "connecting", waitingActs: 0 }));

export function setConnection(connection: Connection): void {
  if (useSyncStatus.getState().connection !== connection) useSyncStatus.setState({ connection });
}
