import { useQuery } from "@tanstack/react-query";
import { Ellipsis, MailPlus, Pause, Play, RefreshCw, UserMinus } from "lucide-react";
import { useState } from "react";
import type { Conversation } from "../../api/chat";
import { myselfQuery } from "../../api/myself";
import type { Mode, Outsider } from "../../api/outside";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem } from "../../ui/Menu";
import { Select } from "../../ui/Select";
import { InviteOutsider } from "./InviteOutsider";
import { droppedWords, isIn, MODES, modeWords, stateWords } from "./outsideWords";
import { useMeId } from "./useConversations";
import { useOutsiderActs } from "./useOutsiderActs";
import { isAdminOf, useOutsiders } from "./useOutsiders";

/** Who takes part from outside, by e-mail. */
export function Outsiders({ conversation }: { conversation: Conversation }) {
  const meId = useMeId();
  const permissions = useQuery(myselfQuery).data?.permissions ?? [];
  const { outsiders, isUnknown } = useOutsiders(conversation);
  const acts = useOutsiderActs(conversation.id);
  const [isAsking, setAsking] = useState(false);
  const [renewing, setRenewing] = useState<Outsider | null>(null);
  const { me, archived_at: archivedAt } = conversation;
  const isAdmin = isAdminOf(conversation);
  const mayAsk =
    me !== null &&
    archivedAt === null &&
    (isAdmin || conversation.inviting === "everybody") &&
    permissions.includes("mail.send");
  const living = outsiders.filter(isIn);
  const gone = outsiders.filter((one) => !isIn(one));
  if (!mayAsk && outsiders.length === 0 && !isUnknown) return null;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-xs font-medium text-muted">{t("By e-mail, from outside")}</h3>
      {isUnknown && <p className="text-sm text-danger">{t("Who takes part by e-mail could not be read.")}</p>}
      {living.length === 0 && !isUnknown && (
        <p className="text-sm text-muted">
          {t("Nobody. Anybody with an address can take part by plain mail, without an account.")}
        </p>
      )}
      {living.length > 0 && (
        <ul aria-label={t("By e-mail, from outside")} className="flex flex-col">
          {living.map((one) => (
            <OutsiderRow
              key={one.id}
              outsider={one}
              canChange={isAdmin || (me !== null && one.invited_by === meId)}
              onMode={(mode) => void acts.change(one, { mode })}
              onPause={(state) => void acts.change(one, { state })}
              onRenew={() => setRenewing(one)}
              onRemove={() => void acts.remove(one)}
            />
          ))}
        </ul>
      )}
      {mayAsk && (
        <Button size="small" className="self-start" onClick={() => setAsking(true)}>
          <MailPlus size={14} aria-hidden />
          {t("Ask somebody in by e-mail")}
        </Button>
      )}
      {gone.length > 0 && (
        <p className="text-xs text-muted">
          {t("Took part before: {names}", { names: gone.map((one) => one.name || one.address).join(", ") })}
        </p>
      )}
      {isAsking && <InviteOutsider onAsk={acts.ask} onClose={() => setAsking(false)} />}
      {renewing && (
        <Renewing
          outsider={renewing}
          onClose={() => setRenewing(null)}
          onRenew={() => {
            setRenewing(null);
            void acts.renew(renewing);
          }}
        />
      )}
    </div>
  );
}

type OutsiderRowProps = {
  outsider: Outsider;
  canChange: boolean;
  onMode: (mode: Mode) => void;
  onPause: (state: "active" | "paused") => void;
  onRenew: () => void;
  onRemove: () => void;
};

function OutsiderRow({ outsider, canChange, onMode, onPause, onRenew, onRemove }: OutsiderRowProps) {
  const { name, address, mode, state, dropped } = outsider;
  const isPaused = state === "paused";
  return (
    <li className="flex items-start gap-2 border-t border-line py-2 text-sm first:border-t-0">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p dir="auto" className="truncate font-medium">
          {name}
        </p>
        <p className="truncate text-muted" title={address}>
          {address}
        </p>
        <p className={isPaused ? "text-xs text-warn" : "text-xs text-muted"}>{stateWords(outsider)}</p>
        {dropped > 0 && <p className="text-xs text-muted">{droppedWords(dropped)}</p>}
        {canChange ? (
          <Select
            aria-label={t("How often mail goes to {name}", { name })}
            value={mode}
            options={MODES}
            onChange={onMode}
            className="mt-1 h-7 self-start"
          />
        ) : (
          <p className="text-xs text-muted">{modeWords(mode)}</p>
        )}
      </div>
      {canChange && (
        <Menu
          label={t("{name}, by e-mail", { name })}
          align="end"
          trigger={<IconButton icon={Ellipsis} size="small" label={t("More about {name}", { name })} />}
        >
          <MenuItem icon={isPaused ? Play : Pause} onSelect={() => onPause(isPaused ? "active" : "paused")}>
            {isPaused ? t("Go on") : t("Pause")}
          </MenuItem>
          <MenuItem icon={RefreshCw} onSelect={onRenew}>
            {t("Give a new address")}
          </MenuItem>
          <MenuItem icon={UserMinus} isDanger onSelect={onRemove}>
            {t("Remove")}
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}

type RenewingProps = { outsider: Outsider; onRenew: () => void; onClose: () => void };

function Renewing({ outsider, onRenew, onClose }: RenewingProps) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="narrow"
      title={t("A new address for {name}?", { name: outsider.name })}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" onClick={onRenew}>
            {t("Give a new address")}
          </Button>
        </>
      }
    >
      <p className="text-base">
        {t("Answers to mail that was sent before are refused from now on. The next mail brings the new address.")}
      </p>
    </Dialog>
  );
}
