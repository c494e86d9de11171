import { Link } from "@tanstack/react-router";
import { Eye } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { ChatMessage, ChatReport } from "../../api/generated/schema";
import { plainLine } from "../../lib/chat-text";
import { cx } from "../../lib/classes";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useAct } from "./act";
import { DECISIONS, REASONS } from "./reportedWords";

type ReportDialogProps = { report: ChatReport; onClose: () => void };

/** One report: what was said, around it if one asks, and what becomes of it. */
export function ReportDialog({ report, onClose }: ReportDialogProps) {
  const { act, isBusy } = useAct();
  const decide = async (state: "removed" | "dismissed", done: string) => {
    const isDone = await act({
      run: () =>
        call("PATCH /api/v1/conversations/reports/{report_id}/", { path: { report_id: report.id }, body: { state } }),
      done,
    });
    if (isDone) onClose();
  };
  const { author, reporter, reason, note, state, decided_at: decidedAt } = report;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Reported: {reason}", { reason: REASONS[reason] })}
      description={t("By {reporter}, {when}", {
        reporter: reporter.name || t("somebody who left"),
        when: longDate(report.created_at),
      })}
      footer={
        state === "open" ? (
          <>
            <Button disabled={isBusy} onClick={() => void decide("dismissed", t("The message stays"))}>
              {t("Leave it")}
            </Button>
            <Button
              kind="danger"
              disabled={isBusy}
              onClick={() => void decide("removed", t("The message is taken away from everybody"))}
            >
              {t("Take it away")}
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>{t("Close")}</Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <blockquote className="rounded border-l-2 border-danger bg-sunken px-3 py-2">
          <p dir="auto" className="text-sm font-semibold">
            {author.name || t("Somebody who left")}
          </p>
          <p dir="auto" className="text-base break-words whitespace-pre-line">
            {report.text || t("A file")}
          </p>
        </blockquote>
        {note && (
          <p dir="auto" className="text-sm break-words">
            <span className="text-muted">{t("The reporter says:")}</span> {note}
          </p>
        )}
        {state !== "open" && (
          <p className="text-sm text-muted">
            {DECISIONS[state]}
            {decidedAt && `, ${longDate(decidedAt)}`}
          </p>
        )}
        <Around report={report} />
        {author.id && <AuthorLinks id={author.id} name={author.name} />}
      </div>
    </Dialog>
  );
}

/** What was said before and after. It is other people's talk, so one asks for it, and that is on record. */
function Around({ report }: { report: ChatReport }) {
  const { act, isBusy } = useAct();
  const [shown, setShown] = useState<readonly ChatMessage[] | null>(null);
  const look = () =>
    void act({
      run: async () => {
        const path = { report_id: report.id };
        const { items } = await call("POST /api/v1/conversations/reports/{report_id}/context/", { path });
        setShown(items.filter((one) => one.kind === "text"));
      },
      done: t("That you looked is in the log."),
    });
  if (!shown)
    return (
      <div className="flex flex-wrap items-center gap-3">
        <Button size="small" disabled={isBusy} onClick={look}>
          <Eye size={14} aria-hidden />
          {t("Show what was said around it")}
        </Button>
        <span className="text-xs text-muted">{t("That you looked goes into the log.")}</span>
      </div>
    );
  return (
    <ol aria-label={t("Around it")} className="flex flex-col gap-2 rounded-md border border-line p-3 text-sm">
      {shown.map((one) => (
        <li
          key={one.id}
          aria-current={one.id === report.message_id || undefined}
          className={cx("rounded px-2 py-0.5", one.id === report.message_id && "bg-danger-soft")}
        >
          <span dir="auto" className="font-semibold">
            {one.author.name || t("Somebody")}
          </span>{" "}
          <time dateTime={one.created_at} title={fullDate(one.created_at)} className="text-xs text-muted">
            {longDate(one.created_at)}
          </time>
          <p dir="auto" className="break-words text-muted">
            {one.deleted_at ? t("This message was deleted") : plainLine(one.text, 600) || t("A file")}
          </p>
        </li>
      ))}
    </ol>
  );
}

/** Where one goes on from here. */
function AuthorLinks({ id, name }: { id: string; name: string }) {
  const link = "text-accent underline-offset-2 hover:underline";
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      <Link to="/organisation/$section/$itemId" params={{ section: "people", itemId: id }} search={{}} className={link}>
        {t("The page of {name}", { name })}
      </Link>
      <Link to="/organisation/$section" params={{ section: "audit" }} search={{ actor: id }} className={link}>
        {t("What {name} did, in the log", { name })}
      </Link>
    </p>
  );
}
