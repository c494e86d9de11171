import { useNavigate } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { WorkView } from "../../api/notes";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";

/** In the place of a thread's own acts, which are those of one's own mailboxes. */
export function TeamBar({ view, accountId }: { view: WorkView; accountId: string | null }) {
  const navigate = useNavigate();
  const back = () =>
    void navigate({ to: "/team/$view", params: { view }, search: accountId ? { account: accountId } : {} });
  return (
    <div
      role="toolbar"
      aria-label={t("Thread")}
      data-print="none"
      className="flex h-13 shrink-0 items-center border-b border-line px-3 max-sm:px-1"
    >
      <IconButton icon={ArrowLeft} label={t("Back to the list")} size="large" onClick={back} />
    </div>
  );
}
