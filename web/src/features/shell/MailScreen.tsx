import type { ReactNode } from "react";
import { Suspense } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { MEDIUM, PHONE, useMedia } from "../../lib/media";
import { onDemand } from "../../lib/on-demand";
import { BottomBar } from "./BottomBar";
import { Divider } from "./Divider";
import { useDrawer } from "./drawer";
import { usePanes } from "./panes";
import { RailFrame } from "./RailFrame";

const MEDIUM_LIST = 340;
const RailDrawer = onDemand(async () => (await import("./RailDrawer")).RailDrawer);

export type MailScreenProps = {
  title: string;
  list: ReactNode;
  reading: ReactNode;
  isReading: boolean;
  /** What stands beside the list. */
  readingLabel?: string;
};

/** Rail, list and reading pane side by side; on a phone one of them at a time. */
export function MailScreen({ title, list, reading, isReading, readingLabel = t("Thread") }: MailScreenProps) {
  const isPhone = useMedia(PHONE);
  const isMedium = useMedia(MEDIUM);
  const panes = usePanes();
  const isDrawerOpen = useDrawer((drawer) => drawer.isOpen);
  if (isPhone) {
    return (
      <div className="flex h-full flex-col">
        <main className="min-h-0 flex-1 bg-paper">
          <h1 className="sr-only">{title}</h1>
          {/* The list stays mounted, so that it is where it was when one comes back. */}
          <div className={cx("h-full", isReading && "hidden")}>{list}</div>
          {isReading && <div className="h-full">{reading}</div>}
        </main>
        <BottomBar />
        {isDrawerOpen && (
          <Suspense fallback={null}>
            <RailDrawer />
          </Suspense>
        )}
      </div>
    );
  }
  return (
    <div className="flex h-full">
      <RailFrame />
      <main className="flex min-w-0 flex-1">
        <h1 className="sr-only">{title}</h1>
        <div data-print="none" className="shrink-0" style={{ width: isMedium ? MEDIUM_LIST : panes.list }}>
          {list}
        </div>
        {isMedium ? <span className="w-px bg-line" /> : <Divider pane="list" label={t("Width of the list")} />}
        <section aria-label={readingLabel} className="min-w-0 flex-1 bg-raised">
          {reading}
        </section>
      </main>
    </div>
  );
}
