import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { cx } from "../../lib/classes";
import { useMedia } from "../../lib/media";
import { Skeleton } from "../../ui/Skeleton";
import { usePreferences } from "../settings/usePreferences";
import { adoptTheme, fitWidth, hasOwnPaper, heightOf, listenInside } from "./frame";

/**
 * The only place where a mail's HTML is shown: cleaned by the server, under its own policy, in a
 * frame that may run no script, submit no form and reach no page of ours.
 */
export type MailFrameProps = { src: string; title: string /** Where the page cannot be had. */; fallback: ReactNode };

export function MailFrame({ src, title, fallback }: MailFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const stop = useRef<() => void>(undefined);
  const [height, setHeight] = useState(0);
  const [loaded, setLoaded] = useState<{ src: string; isPlain: boolean } | null>(null);
  const isSystemDark = useMedia("(prefers-color-scheme: dark)");
  const { theme } = usePreferences();
  const isDark = theme === "dark" || (theme === "system" && isSystemDark);
  const [failedSrc, setFailedSrc] = useState<string | null>(null);
  const isReady = loaded?.src === src;
  const isPlain = isReady && loaded.isPlain;

  useEffect(() => () => stop.current?.(), []);
  useEffect(() => {
    const doc = frame.current?.contentDocument;
    return isPlain && doc?.body ? adoptTheme(doc, isDark) : undefined;
  }, [isPlain, isDark]);
  const load = () => {
    const element = frame.current;
    const doc = element?.contentDocument;
    stop.current?.();
    if (!element) return;
    // A browser's own error page is out of reach; an expired address is answered with JSON.
    if (!doc?.body || doc.contentType !== "text/html") {
      setFailedSrc(src);
      return;
    }
    const measure = () => {
      fitWidth(doc, element.clientWidth);
      setHeight(heightOf(doc));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(doc.body);
    observer.observe(element);
    const stopListening = listenInside(doc);
    stop.current = () => {
      observer.disconnect();
      stopListening();
    };
    setLoaded({ src, isPlain: !hasOwnPaper(doc) });
    measure();
  };

  if (failedSrc === src) return fallback;
  return (
    <div className={cx("overflow-x-auto rounded-md", !isPlain && isDark && "bg-(--mail-paper) p-3")}>
      {!isReady && (
        <div className="flex flex-col gap-2 py-1">
          <Skeleton className="h-3 w-4/5" />
          <Skeleton className="h-3 w-3/5" />
        </div>
      )}
      <iframe
        ref={frame}
        src={src}
        title={title}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        onLoad={load}
        className={cx("block w-full border-0", !isReady && "invisible")}
        style={{ height: isReady ? height : 0, colorScheme: isPlain ? undefined : "light" }}
      />
    </div>
  );
}
