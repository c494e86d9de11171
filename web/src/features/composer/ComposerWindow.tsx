import { Maximize2, Minimize2, Minus, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { ComposerForm } from "./ComposerForm";
import { closeComposer } from "./lifecycle";
import type { Composer, ComposerMode } from "./session";
import { focusComposer, patchComposer } from "./state";
import { useIsPhone } from "./useIsPhone";

const TITLES: { [mode in ComposerMode]: string } = {
  new: "New mail",
  reply: "Reply",
  replyAll: "Reply to all",
  forward: "Forward",
};
const FOCUSABLE =
  'a[href],button:not([disabled]):not([tabindex="-1"]),input:not([type="file"]):not([tabindex="-1"]),select,textarea,[contenteditable="true"],iframe';

/** Closes and says what became of the draft. */
export async function closeWithWord(key: string): Promise<void> {
  const end = await closeComposer(key);
  if (end === "saved") showToast({ message: t("Saved in Drafts."), durationMs: 3_000 });
  if (end === "kept") showToast({ message: t("Kept on this device. It is saved once there is a network.") });
}

export function ComposerWindow({ composer }: { composer: Composer }) {
  const { key, minimised, full, content, mode } = composer;
  const frame = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const isModal = !minimised && (full || isPhone);
  useFocusReturn(minimised);
  const title = content.subject.trim() || t(TITLES[mode]);
  const minimise = () => patchComposer(key, { minimised: true });
  const close = () => void closeWithWord(key);
  return (
    <>
      {isModal && !isPhone && (
        <div
          aria-hidden
          className="pointer-events-auto fixed inset-0 z-30 animate-[fade_100ms] bg-black/35"
          onClick={minimise}
        />
      )}
      <div
        ref={frame}
        role="dialog"
        aria-label={title}
        aria-modal={isModal || undefined}
        onKeyDown={(event) => {
          if (isModal) keepFocusInside(event, frame.current);
          const isOwn = frame.current?.contains(event.target as Node) ?? false;
          if (event.key !== "Escape" || event.defaultPrevented || !isOwn || minimised) return;
          event.stopPropagation();
          minimise();
        }}
        className={cx(
          "pointer-events-auto flex flex-col overflow-hidden border-line bg-raised shadow-raised",
          minimised && "w-64 shrink-0 max-sm:w-auto rounded-t-md border border-b-0",
          !minimised &&
            !isModal &&
            "h-[min(600px,calc(100dvh-64px))] w-[560px] max-w-[calc(100vw-32px)] animate-[slide-up_120ms] rounded-t-md border border-b-0",
          isModal && isPhone && "fixed inset-0 z-40 animate-[slide-up_120ms]",
          isModal &&
            !isPhone &&
            "fixed inset-x-0 top-[4dvh] bottom-[4dvh] z-40 mx-auto w-[min(960px,calc(100vw-48px))] rounded-md border",
        )}
      >
        <header className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line bg-sunken pr-1.5 max-sm:h-12">
          <button
            type="button"
            aria-expanded={!minimised}
            aria-label={minimised ? t("Open: {title}", { title }) : t("Minimise: {title}", { title })}
            className="h-full min-w-0 flex-1 truncate px-3 text-left text-sm font-semibold outline-offset-[-2px]"
            onClick={() => (minimised ? focusComposer(key) : minimise())}
          >
            {title}
          </button>
          {!minimised && (
            <IconButton
              icon={Minus}
              label={t("Minimise")}
              keys="escape"
              size="small"
              tooltipSide="top"
              onClick={minimise}
            />
          )}
          {!isPhone && !minimised && (
            <IconButton
              icon={full ? Minimize2 : Maximize2}
              label={full ? t("Back to the corner") : t("Full size")}
              size="small"
              tooltipSide="top"
              onClick={() => patchComposer(key, { full: !full })}
            />
          )}
          <IconButton icon={X} label={t("Close and keep the draft")} size="small" tooltipSide="top" onClick={close} />
        </header>
        {!minimised && <ComposerForm composer={composer} onEscape={minimise} className="flex-1" />}
      </div>
    </>
  );
}

/** Where the focus was before the window opened is where it goes when the window closes or folds. */
function useFocusReturn(minimised: boolean): void {
  const before = useRef<Element | null>(null);
  if (before.current === null) before.current = document.activeElement;
  useEffect(() => {
    if (minimised) return;
    const origin = before.current;
    return () => {
      if (document.activeElement && document.activeElement !== document.body) return;
      if (origin instanceof HTMLElement && origin.isConnected) origin.focus({ preventScroll: true });
    };
  }, [minimised]);
}

function keepFocusInside(event: KeyboardEvent, frame: HTMLElement | null): void {
  if (event.key !== "Tab" || !frame || event.defaultPrevented || !frame.contains(event.target as Node)) return;
  const stops = [...frame.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.offsetParent !== null);
  const first = stops[0];
  const last = stops.at(-1);
  const edge = event.shiftKey ? first : last;
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
