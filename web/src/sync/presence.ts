/**
 * Whether the people on screen are here. What draws people says whom; the stream asks for all of them at once, and is
 * told as they come and go. Nothing is known while it is down.
 */
import { useEffect } from "react";
import { create } from "zustand";

/** By the address as it was asked for. Who may not be seen is not in it, or null. */
export type Here = { [address: string]: boolean | null };

/** The server takes no more at once, nor a longer message. */
const MOST_WATCHED = 100;
const MOST_CHARS = 3_500;
/** Going through threads by key must not be a message each. */
const PAUSE_MS = 600;

const useHere = create<{ here: Here }>(() => ({ here: {} }));
const shown = new Map<string, number>();
let ask: () => void = () => undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

export function useIsHere(address: string): boolean {
  return useHere(({ here }) => here[address.toLowerCase()] === true);
}

/** Watches these as long as what shows them stands. */
export function usePeopleShown(addresses: readonly string[]): void {
  const joined = addresses.map((one) => one.toLowerCase()).join("\n");
  useEffect(() => {
    const names = joined.split("\n").filter(Boolean);
    for (const name of names) shown.set(name, (shown.get(name) ?? 0) + 1);
    askSoon();
    return () => {
      for (const name of names) {
        const left = (shown.get(name) ?? 1) - 1;
        if (left > 0) shown.set(name, left);
        else shown.delete(name);
      }
      askSoon();
    };
  }, [joined]);
}

function askSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => ask(), PAUSE_MS);
}

/** The newest first, since those are looked at. */
export function watched(): string[] {
  const names: string[] = [];
  let chars = 0;
  for (const name of [...shown.keys()].reverse()) {
    chars += name.length + 3;
    if (names.length >= MOST_WATCHED || chars > MOST_CHARS) break;
    names.push(name);
  }
  return names;
}

/** How to ask anew, for as long as there is a stream. */
export function askPresenceBy(send: (() => void) | null): void {
  ask = send ?? (() => undefined);
  if (!send) forgetPresence();
}

export function takePresence(people: Here, isWhole: boolean): void {
  useHere.setState(({ here }) => ({ here: isWhole ? people : { ...here, ...people } }));
}

export function forgetPresence(): void {
  if (Object.keys(useHere.getState().here).length > 0) useHere.setState({ here: {} });
}
