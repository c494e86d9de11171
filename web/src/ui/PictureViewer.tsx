import { ChevronLeft, ChevronRight, Download, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { KeyboardEvent } from "react";
import { useRef } from "react";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";

export type ShownPicture = { id: string; name: string; url: string; downloadUrl: string; hint: string };

type PictureViewerProps = { pictures: readonly ShownPicture[]; shownId: string; onShow: (id: string | null) => void };

/** One picture over the whole page; the arrows go to the others beside it, Escape closes. */
export function PictureViewer({ pictures, shownId, onShow }: PictureViewerProps) {
  const before = useRef<Element | null>(null);
  before.current ??= document.activeElement;
  const at = pictures.findIndex((one) => one.id === shownId);
  const shown = pictures[at];
  if (!shown) return null;
  const go = (by: number) => {
    const next = pictures[at + by];
    if (next) onShow(next.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    go(document.dir === "rtl" ? -by : by);
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onShow(null)}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-[fade_100ms] bg-black/80" />
        <Radix.Content
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onCloseAutoFocus={(event) => {
            if (!(before.current instanceof HTMLElement) || !before.current.isConnected) return;
            event.preventDefault();
            before.current.focus();
          }}
          className="fixed inset-0 z-50 flex animate-[fade_100ms] flex-col outline-none"
        >
          <header className="flex items-center gap-2 border-b border-line bg-raised px-3 py-1.5">
            <Radix.Title aria-live="polite" className="min-w-0 flex-1 truncate text-sm font-semibold">
              <bdi>{shown.name}</bdi>
            </Radix.Title>
            <span className="tabular shrink-0 text-xs text-muted">
              {pictures.length > 1 && `${t("{n} of {all}", { n: at + 1, all: pictures.length })} · `}
              {shown.hint}
            </span>
            <a
              href={shown.downloadUrl}
              download={shown.name}
              aria-label={t("Download {name}", { name: shown.name })}
              title={t("Download")}
              className="inline-grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink"
            >
              <Download size={16} aria-hidden />
            </a>
            <IconButton icon={X} label={t("Close")} onClick={() => onShow(null)} />
          </header>
          <div className="relative min-h-0 flex-1">
            <button
              type="button"
              tabIndex={-1}
              aria-hidden
              onClick={() => onShow(null)}
              className="absolute inset-0 cursor-zoom-out"
            />
            <img
              key={shown.id}
              src={shown.url}
              alt={shown.name}
              className="pointer-events-none absolute inset-3 m-auto max-h-[calc(100%-24px)] max-w-[calc(100%-24px)] object-contain sm:inset-x-16 sm:max-w-[calc(100%-128px)]"
            />
            <Way side="left" label={t("Previous picture")} isThere={at > 0} onGo={() => go(-1)} />
            <Way side="right" label={t("Next picture")} isThere={at < pictures.length - 1} onGo={() => go(1)} />
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type WayProps = { side: "left" | "right"; label: string; isThere: boolean; onGo: () => void };

function Way({ side, label, isThere, onGo }: WayProps) {
  if (!isThere) return null;
  return (
    <span className={`absolute top-1/2 -translate-y-1/2 ${side === "left" ? "left-3" : "right-3"}`}>
      <span className="block rounded-md border border-line bg-raised">
        <IconButton
          icon={side === "left" ? ChevronLeft : ChevronRight}
          label={label}
          keys={side === "left" ? "left" : "right"}
          size="large"
          onClick={onGo}
        />
      </span>
    </span>
  );
}
