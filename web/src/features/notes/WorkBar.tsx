import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye, PenLine, UserRound } from "lucide-react";
import { ApiError, messageOf } from "../../api/error";
import type { AssignmentChange, AssignmentStatus, ThreadNotes } from "../../api/notes";
import { assign, assignmentQuery, noteKeys } from "../../api/notes";
import { t } from "../../lib/i18n";
import { useTalk } from "../../sync/talk";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";

const NOBODY = "";
const STATUSES: { value: AssignmentStatus; label: string }[] = [
  { value: "open", label: t("Open") },
  { value: "pending", label: t("Waiting") },
  { value: "done", label: t("Done") },
];

type WorkBarProps = { threadId: string; notes: ThreadNotes; conversationId: string | null; meId: string };

/** Whose the thread is, how far, and who else has it before them. */
export function WorkBar({ threadId, notes, conversationId, meId }: WorkBarProps) {
  const client = useQueryClient();
  const { data: assignment } = useQuery(assignmentQuery(threadId));
  if (!assignment) return <div className="h-10 shrink-0" />;
  const mine = notes.people.find((one) => one.id === meId)?.right;
  const mayAssign = mine !== undefined && mine !== "read";
  const change = async (values: AssignmentChange) => {
    try {
      client.setQueryData(noteKeys.assignment(threadId), await assign(threadId, values, assignment.version));
    } catch (error) {
      const isLate = error instanceof ApiError && error.status === 412;
      showToast({
        kind: "problem",
        message: isLate ? t("Somebody was quicker. Look who has it now.") : messageOf(error),
      });
      void client.invalidateQueries({ queryKey: noteKeys.assignment(threadId) });
    }
    void client.invalidateQueries({ queryKey: noteKeys.lists });
  };
  const people = notes.people
    .filter((one) => one.right !== "read")
    .map((one) => ({
      value: one.id,
      label: one.id === meId ? t("{name} (you)", { name: one.name }) : one.name,
    }));
  const holder = assignment.assignee;
  const isUnknown = holder !== null && !people.some((one) => one.value === holder.id);
  return (
    <div
      role="toolbar"
      aria-label={t("Whose this thread is")}
      data-print="none"
      className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 px-5 py-1 text-sm max-sm:px-4"
    >
      <UserRound size={14} aria-hidden className="shrink-0 text-muted" />
      <Select
        aria-label={t("Assigned to")}
        value={holder?.id ?? NOBODY}
        disabled={!mayAssign}
        options={[
          { value: NOBODY, label: t("Nobody yet") },
          ...people,
          ...(isUnknown ? [{ value: holder.id, label: holder.name }] : []),
        ]}
        onChange={(id) => void change({ assignee_id: id || null })}
        className="max-w-48"
      />
      <Select
        aria-label={t("How far it is")}
        value={assignment.status}
        disabled={!mayAssign}
        options={STATUSES}
        onChange={(status) => void change({ status })}
      />
      <Present conversationId={conversationId} notes={notes} meId={meId} />
    </div>
  );
}

/** Who reads the thread now and, before two do it, who answers it. */
function Present({ conversationId, notes, meId }: Omit<WorkBarProps, "threadId">) {
  const looking = useTalk((talk) => talk.looking);
  const typing = useTalk((talk) => (conversationId ? talk.typing[conversationId] : undefined)) ?? [];
  const nameOf = (id: string) => notes.people.find((one) => one.id === id)?.name ?? t("Somebody");
  const answering = [...new Set(typing.filter((one) => one.answersMail && one.user !== meId).map((one) => one.user))];
  const reading = (looking.conversation === conversationId ? looking.people : []).filter(
    (id) => id !== meId && !answering.includes(id),
  );
  return (
    <p aria-live="polite" className="flex min-w-0 flex-wrap items-center gap-x-3 text-xs">
      {answering.length > 0 && (
        <span className="flex min-w-0 items-center gap-1 font-semibold text-danger">
          <PenLine size={13} aria-hidden className="shrink-0" />
          <span className="truncate">{t("{who} is answering", { who: answering.map(nameOf).join(", ") })}</span>
        </span>
      )}
      {reading.length > 0 && (
        <span className="flex min-w-0 items-center gap-1 text-muted">
          <Eye size={13} aria-hidden className="shrink-0" />
          <span className="truncate">{t("{who} is reading this", { who: reading.map(nameOf).join(", ") })}</span>
        </span>
      )}
    </p>
  );
}
