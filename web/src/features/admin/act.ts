/** An act of administration: shown at once where it can be, a proof where one is asked for, a word, and the way back. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { wasCancelled } from "../auth/passkeys";
import { NotProven, withStepUp } from "../security/stepUp";
import { ORGANISATION_KEY } from "./queries";

/** Of the page's `main`. */
export const PAGE_ID = "organisation-page";

export type Act = {
  run: () => Promise<unknown>;
  /** What is said when it is done. */
  done: string;
  /** What takes it back. */
  undo?: () => Promise<unknown>;
  /** Draws the outcome before the server has answered, and again over the same; a refusal reads everything anew. */
  shows?: (client: QueryClient) => void;
  /** Goes away from what is no more, before everything is read anew. */
  leaves?: () => Promise<void>;
};

export type Acting = {
  /** Whether it was done; if not, the person knows why. */
  act: (act: Act) => Promise<boolean>;
  isBusy: boolean;
};

export function useAct(): Acting {
  const client = useQueryClient();
  const [running, setRunning] = useState(0);
  const refresh = () => client.invalidateQueries({ queryKey: ORGANISATION_KEY });
  const perform = async ({ run, done, undo, shows, leaves }: Act): Promise<boolean> => {
    shows?.(client); // in the click itself: a controlled checkbox springs back otherwise
    if (shows) await client.cancelQueries({ queryKey: ORGANISATION_KEY });
    shows?.(client); // since stopping what was being read puts back what was there before
    try {
      await withStepUp(run);
      const back = undo && (() => void perform({ run: undo, done: t("Taken back.") }));
      showToast({ message: done, action: back ? { label: t("Undo"), run: back } : null });
      await leaves?.();
      return true;
    } catch (error) {
      if (wordsFor(error)) showToast({ message: t("Not done. {why}", { why: messageOf(error) }), kind: "problem" });
      return false;
    } finally {
      if (shows) keepFocus();
      void refresh();
    }
  };
  const act = async (given: Act) => {
    setRunning((count) => count + 1);
    const isDone = await perform(given);
    setRunning((count) => count - 1);
    return isDone;
  };
  return { act, isBusy: running > 0 };
}

/** The row that was acted on may have left with the focus; the keyboard goes on from the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById(PAGE_ID)?.focus({ preventScroll: true });
}

/** For forms, which show what is wrong at its field: the act with its proof, and everything fresh afterwards. */
export function useSave(): <T>(run: () => Promise<T>, done: string) => Promise<T> {
  const client = useQueryClient();
  return async (run, done) => {
    const given = await withStepUp(run);
    showToast({ message: done, durationMs: 4_000 });
    void client.invalidateQueries({ queryKey: ORGANISATION_KEY });
    return given;
  };
}

/** Nothing of what the person stopped themselves. */
export function wordsFor(error: unknown): string | null {
  return error instanceof NotProven || wasCancelled(error) ? null : messageOf(error);
}
