import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, GripVertical } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { forwardsQuery } from "../../api/automatic";
import type { Rule } from "../../api/rules";
import { templatesQuery } from "../../api/templates";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Switch } from "../../ui/Switch";
import { useMailboxes } from "../shell/useMail";
import { sentenceOf } from "./words";

export type RuleRowProps = {
  rule: Rule;
  index: number;
  count: number;
  onTurn: (isOn: boolean) => void;
  /** To a place among the others, counted from 0. */
  onMove: (to: number) => void;
  onDragStart: () => void;
  /** Another was dropped here; null while none of ours is dragged. */
  onDrop: (() => void) | null;
};

/** One rule: dragged by its handle, moved by its arrows or with Alt and an arrow key. */
export function RuleRow({ rule, index, count, onTurn, onMove, onDragStart, onDrop }: RuleRowProps) {
  const { mailboxes } = useMailboxes();
  const forwards = useQuery(forwardsQuery).data?.items ?? [];
  const templates = useQuery(templatesQuery).data?.items ?? [];
  const [isOver, setOver] = useState(false);
  const key = (event: KeyboardEvent) => {
    if (!event.altKey) return;
    const to = event.key === "ArrowUp" ? index - 1 : event.key === "ArrowDown" ? index + 1 : -1;
    if (to < 0 || to >= count) return;
    event.preventDefault();
    onMove(to);
  };
  return (
    <li
      onKeyDown={key}
      onDragOver={(event) => {
        if (!onDrop) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop?.();
      }}
      className={cx("flex items-center gap-2 border-t border-line py-2.5 first:border-t-0", isOver && "bg-hover")}
    >
      <span
        draggable
        aria-hidden
        onDragStart={(event) => {
          event.dataTransfer.setData("text/plain", rule.name);
          event.dataTransfer.effectAllowed = "move";
          onDragStart();
        }}
        className="-ml-2 cursor-grab text-muted max-sm:hidden"
      >
        <GripVertical size={16} />
      </span>
      <Link
        to="/settings/rules/$ruleId"
        params={{ ruleId: rule.id }}
        className="min-w-0 flex-1 rounded px-1 hover:bg-hover"
      >
        <span className={cx("block truncate font-medium", !rule.is_enabled && "text-muted")}>{rule.name}</span>
        <span className="line-clamp-2 text-sm [overflow-wrap:anywhere] text-muted">
          {sentenceOf(rule, mailboxes, { forwards, templates })}
        </span>
        {rule.is_broken && (
          <span className="block text-sm font-medium text-danger">{t("Passed over: its mailbox is gone.")}</span>
        )}
      </Link>
      <span className="flex shrink-0 items-center">
        <IconButton
          icon={ArrowUp}
          size="small"
          label={t("Move {name} up", { name: rule.name })}
          disabled={index === 0}
          onClick={() => onMove(index - 1)}
        />
        <IconButton
          icon={ArrowDown}
          size="small"
          label={t("Move {name} down", { name: rule.name })}
          disabled={index === count - 1}
          onClick={() => onMove(index + 1)}
        />
      </span>
      <Switch label={t("{name} is on", { name: rule.name })} isOn={rule.is_enabled} onChange={onTurn} />
    </li>
  );
}
