/** What the pages of the administration are made of. */
import { Link } from "@tanstack/react-router";
import { ArrowLeft, CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { messageOf } from "../../api/error";
import { fullDate, shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { PHONE, useMedia } from "../../lib/media";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import type { SectionId } from "./sections";

export type PageHeadProps = {
  title: string;
  about?: string | undefined;
  /** The list that this is one of. */
  back?: { section: SectionId; title: string };
  children?: ReactNode;
};

const BACK = "-ml-1 inline-flex min-h-6 items-center gap-1 rounded px-1 text-sm text-muted hover:text-ink";

export function PageHead({ title, about, back, children }: PageHeadProps) {
  const isPhone = useMedia(PHONE);
  return (
    <header className="flex flex-wrap items-end gap-x-4 gap-y-3 pt-6 pb-4 max-sm:pt-3">
      <div className="min-w-0 flex-1 basis-60">
        {back ? (
          <Link to="/organisation/$section" params={{ section: back.section }} search={{}} className={BACK}>
            <ArrowLeft size={14} aria-hidden />
            {back.title}
          </Link>
        ) : (
          isPhone && (
            <Link to="/organisation" className={BACK}>
              <ArrowLeft size={14} aria-hidden />
              {t("Organisation")}
            </Link>
          )
        )}
        <h1 dir="auto" className="text-xl font-semibold break-words">
          {title}
        </h1>
        {about && <p className="text-sm text-muted">{about}</p>}
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}

export function Card({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="pb-7">
      <div className="mb-2 flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="text-sm font-semibold text-muted">
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** A frame for rows and forms, as on the settings page. */
export function Box({ children }: { children: ReactNode }) {
  return <div className="rounded-md border border-line bg-raised px-4">{children}</div>;
}

export function Trouble({ error, retry }: { error: unknown; retry: () => unknown }) {
  return (
    <Banner
      tone="danger"
      icon={CircleAlert}
      actions={
        <Button size="small" onClick={() => void retry()}>
          {t("Try again")}
        </Button>
      }
    >
      {messageOf(error)}
    </Banner>
  );
}

type Loaded = { error: unknown; isPending: boolean; refetch: () => unknown };

/** What stands where something will be: the reason why it is not there, or its shape. Null once it is there. */
export function Waiting({ of: { error, isPending, refetch } }: { of: Loaded }) {
  if (error) return <Trouble error={error} retry={refetch} />;
  if (!isPending) return null;
  return (
    <div role="status" aria-label={t("Loading")} className="flex flex-col gap-px">
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <Skeleton key={key} className="h-12" />
      ))}
    </div>
  );
}

type Growing = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

export function More({ of: { hasNextPage, isFetchingNextPage, fetchNextPage } }: { of: Growing }) {
  if (!hasNextPage) return null;
  return (
    <Button className="mt-3 self-center" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {t("Show more")}
    </Button>
  );
}

export function When({ at, never }: { at: string | null; never?: string }) {
  if (!at) return <span className="text-muted">{never ?? ""}</span>;
  return (
    <time dateTime={at} title={fullDate(at)} className="tabular whitespace-nowrap">
      {shortDate(at)}
    </time>
  );
}
