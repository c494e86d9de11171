import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cx } from "../lib/classes";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";

export type DialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  /** Kept for screen readers only where the content says it already. */
  isTitleHidden?: boolean;
  /** Nothing in it takes the focus, so the text itself must, to be scrolled by keys. */
  isTextOnly?: boolean;
  width?: "narrow" | "normal" | "wide";
  children: ReactNode;
  footer?: ReactNode;
};

const WIDTHS = { narrow: "sm:max-w-sm", normal: "sm:max-w-lg", wide: "sm:max-w-3xl" };

export function Dialog(props: DialogProps) {
  const {
    isOpen,
    onClose,
    title,
    description,
    isTitleHidden = false,
    isTextOnly = false,
    width = "normal",
    children,
    footer,
  } = props;
  // Read while it is drawn: a field that asks for the focus has it before Radix looks where it was.
  const before = useRef<Element | null>(null);
  if (!isOpen) before.current = null;
  else before.current ??= document.activeElement;
  const giveBack = (event: Event) => {
    if (!(before.current instanceof HTMLElement) || !before.current.isConnected) return;
    event.preventDefault();
    before.current.focus();
  };
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-[fade_100ms] bg-black/35" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusInside}
          onCloseAutoFocus={giveBack}
          className={cx(
            "fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col",
            "animate-[fade_100ms] rounded-md border border-line bg-raised shadow-raised outline-none",
            WIDTHS[width],
          )}
        >
          <header className={cx("flex items-center gap-2 px-4 pt-3 pb-1", isTitleHidden && "sr-only")}>
            <Radix.Title className="min-w-0 flex-1 text-lg font-semibold">{title}</Radix.Title>
            {!isTitleHidden && <IconButton icon={X} label={t("Close")} size="small" onClick={onClose} />}
          </header>
          {description && <Radix.Description className="px-4 text-sm text-muted">{description}</Radix.Description>}
          <div
            tabIndex={isTextOnly ? 0 : undefined}
            className={cx("min-h-0 flex-1 overflow-y-auto outline-none", !isTitleHidden && "px-4 py-3")}
          >
            {children}
          </div>
          {footer && <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * What asked for the focus has it already, unless a closing menu held it back: then the first field gets it,
 * with its text selected. Without a field the dialog itself, so that no button stands lit.
 */
function focusInside(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget as HTMLElement;
  if (dialog.contains(document.activeElement)) return;
  const field = dialog.querySelector<HTMLInputElement>("input:not([type]), input[type=text]");
  (field ?? dialog).focus();
  field?.select();
}
