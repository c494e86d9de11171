/**
 * Parts of the page whose code comes when they are first wanted, or before that, once nothing else is to do: so that
 * they are there when the network is not. A part that cannot be had without the server waits for it; it must not
 * take down the page, and with it what was typed.
 */
import type { ComponentType } from "react";
import { lazy } from "react";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

const ahead: (() => Promise<unknown>)[] = [];

export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  ahead.push(load);
  return whenAsked(load);
}

/** For pages that few open: never fetched ahead. */
export function whenAsked<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy<ComponentType<Props>>(async () => ({ default: await patiently(load) }));
}

/** One after the other, also what the loaded parts want themselves. What fails now is tried again when it is wanted. */
export async function fetchAhead(): Promise<void> {
  for (let load = ahead.shift(); load; load = ahead.shift()) await load().catch(() => undefined);
}

/** Waits out a lost server. Fails only where the server is there and does not have the part: then it is a newer one. */
export async function patiently<Part>(load: () => Promise<Part>, isServerThere = asked): Promise<Part> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await load();
    } catch {
      if (await isServerThere()) return load();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function asked(): Promise<boolean> {
  try {
    return (await fetch("/api/v1/health/", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
