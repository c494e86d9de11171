/** Addresses one has written to before, as one types. Old answers are reused; late ones are dropped. */
import { useEffect, useState } from "react";
import type { Addr } from "../../api/types";
import { isSameAddress } from "./addresses";
import { completeAddresses } from "./ports";

const REST_MS = 120;
const MAX_KEPT = 200;
const answers = new Map<string, Addr[]>();

/** At most eight, without those in `taken`; empty while nothing is typed. */
export function useCompletion(words: string, taken: readonly Addr[]): Addr[] {
  const [answer, setAnswer] = useState<{ words: string; found: Addr[] }>({ words: "", found: [] });
  const asked = words.trim().toLowerCase();
  useEffect(() => {
    if (!asked) return;
    const known = answers.get(asked);
    if (known) {
      setAnswer({ words: asked, found: known });
      return;
    }
    const abort = new AbortController();
    const timer = window.setTimeout(async () => {
      const found = await completeAddresses(asked, abort.signal).catch(() => null);
      if (!found || abort.signal.aborted) return;
      if (answers.size >= MAX_KEPT) answers.clear();
      answers.set(asked, found);
      setAnswer({ words: asked, found });
    }, REST_MS);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  if (!asked?.startsWith(answer.words)) return [];
  const fits = (addr: Addr) => asked === answer.words || `${addr.name} ${addr.email}`.toLowerCase().includes(asked);
  return answer.found.filter((addr) => fits(addr) && !taken.some((one) => isSameAddress(one.email, addr.email)));
}
