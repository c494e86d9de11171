import { Link, useLocation } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "../../lib/classes";

export type SettingsBodyProps = { title: string; back: Back; isWide?: boolean; children: ReactNode };

type Back = { to: string; label: string; isNarrowOnly?: boolean };

/** A page's head and its cards. The head takes the focus, unless a setting was looked for. */
export function SettingsBody({ title, back, isWide = false, children }: SettingsBodyProps) {
  const head = useRef<HTMLHeadingElement>(null);
  const hash = useLocation({ select: (location) => location.hash });
  useEffect(() => {
    if (!hash) head.current?.focus({ preventScroll: true });
    return hash ? showSetting(hash) : undefined;
  }, [hash]);
  return (
    <div className={cx("mx-auto px-6 pb-24 max-sm:px-4", isWide ? "max-w-6xl" : "max-w-3xl")}>
      <header className="pt-5 pb-5">
        <Link
          to={back.to}
          className={cx(
            "-ml-1 mb-1 inline-flex h-7 items-center gap-1 rounded px-1 text-sm text-muted hover:text-ink",
            back.isNarrowOnly && "md:hidden",
          )}
        >
          <ArrowLeft size={16} aria-hidden />
          {back.label}
        </Link>
        <h1 ref={head} tabIndex={-1} className="text-xl font-semibold break-words outline-none">
          {title}
        </h1>
      </header>
      {children}
    </div>
  );
}

const LONGEST_WAIT_MS = 3_000;

/** Once it stands, since some of a page comes from the server. Gives back what ends the waiting. */
function showSetting(id: string): () => void {
  const until = performance.now() + LONGEST_WAIT_MS;
  let frame = 0;
  const look = () => {
    const found = document.getElementById(`setting-${id}`);
    if (found) {
      found.scrollIntoView({ block: "center" });
      found.focus({ preventScroll: true });
    } else if (performance.now() < until) frame = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(frame);
}
