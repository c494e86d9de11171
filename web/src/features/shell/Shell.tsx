import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { listenForKeys } from "../../commands/dispatcher";
import { useView } from "../../commands/view";
import { fetchAhead, onDemand } from "../../lib/on-demand";
import { startSync } from "../../sync/start";
import { useLook } from "../settings/appearance";
import { useAccount, useMailboxes } from "./useMail";

const ComposerDock = onDemand(async () => (await import("../composer/ComposerDock")).ComposerDock);
const Sheets = onDemand(async () => (await import("./Sheets")).Sheets);

/** Everything that stands as long as somebody is signed in. */
export function Shell() {
  const client = useQueryClient();
  const account = useAccount();
  const hasSheet = useView((view) => view.sheet !== null);
  const isSettled = useSettled();
  useLook();
  useMailboxes();
  useEffect(listenForKeys, []);
  useEffect(() => {
    const timer = setTimeout(fetchAhead, AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
  const accountId = account?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a fresh copy of the same account is no reason to start over
  useEffect(() => (account ? startSync(client, account) : undefined), [client, accountId]);
  return (
    <>
      <Outlet />
      <Suspense fallback={null}>{isSettled && <ComposerDock />}</Suspense>
      <Suspense fallback={null}>{hasSheet && <Sheets />}</Suspense>
    </>
  );
}

const SETTLED_MS = 600;
const AHEAD_MS = 4_000;

/** What nobody waits for comes after what somebody does. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}
