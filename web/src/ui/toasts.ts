/** Short news at the bottom of the screen, the newest with an act that takes it back. */
import { create } from "zustand";

export type ToastAction = { label: string; run: () => void };

export type Toast = {
  id: number;
  message: string;
  kind: "news" | "problem";
  action: ToastAction | null;
  durationMs: number;
};

export type ToastInit = {
  message: string;
  kind?: Toast["kind"];
  action?: ToastAction | null;
  durationMs?: number;
};

const MOST_AT_ONCE = 3;
const NEWS_MS = 6_000;
const PROBLEM_MS = 10_000;

type ToastState = { toasts: Toast[] };

export const useToasts = create<ToastState>(() => ({ toasts: [] }));

let lastId = 0;

export function showToast(init: ToastInit): number {
  const kind = init.kind ?? "news";
  lastId += 1;
  const toast: Toast = {
    id: lastId,
    message: init.message,
    kind,
    action: init.action ?? null,
    durationMs: init.durationMs ?? (kind === "news" ? NEWS_MS : PROBLEM_MS),
  };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, toast].slice(-MOST_AT_ONCE) }));
  return toast.id;
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
