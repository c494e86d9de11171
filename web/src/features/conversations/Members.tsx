import { useQueryClient } from "@tanstack/react-query";
import { UserMinus } from "lucide-react";
import { useState } from "react";
import type { Conversation, Participant } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { useIsHere } from "../../sync/presence";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import type { Chosen } from "./PeopleField";
import { PeopleField } from "./PeopleField";
import { PersonName } from "./PersonName";
import { useMeId } from "./useConversations";

type Role = Parameters<typeof chat.setRole>[2];

const ROLES: { value: Role; label: string }[] = [
  { value: "owner", label: t("Owner") },
  { value: "admin", label: t("Admin") },
  { value: "member", label: t("Member") },
];
const MOST_SHOWN = 100;

type MembersProps = { conversation: Conversation; participants: readonly Participant[] };

export function Members({ conversation, participants }: MembersProps) {
  const client = useQueryClient();
  const meId = useMeId();
  const { id, kind, me } = conversation;
  const isAdmin = kind !== "direct" && (me?.role === "owner" || me?.role === "admin");
  const mayInvite = kind !== "direct" && me !== null && (isAdmin || conversation.inviting === "everybody");
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
      void client.invalidateQueries({ queryKey: chatKeys.participants(id) });
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-xs font-medium text-muted">{t("Who is in it")}</h3>
      {mayInvite && <Adding participants={participants} onAdd={(ids) => attempt(() => chat.add(id, ids))} />}
      <ul aria-label={t("Members")} className="flex flex-col gap-1">
        {participants.slice(0, MOST_SHOWN).map((one) => (
          <Member
            key={one.id}
            participant={one}
            canChange={isAdmin && one.user_id !== meId && one.user_id !== null}
            onRole={(role) => void attempt(() => chat.setRole(id, one.user_id ?? "", role))}
            onPutOut={() => void attempt(() => chat.putOut(id, one.user_id ?? ""))}
          />
        ))}
      </ul>
      {participants.length > MOST_SHOWN && (
        <p className="text-xs text-muted">{t("and {n} more", { n: participants.length - MOST_SHOWN })}</p>
      )}
    </div>
  );
}

function Adding({
  participants,
  onAdd,
}: {
  participants: readonly Participant[];
  onAdd: (ids: string[]) => Promise<void>;
}) {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const except = participants.flatMap((one) => one.user_id ?? []);
  const add = async () => {
    await onAdd(chosen.map((one) => one.id));
    setChosen([]);
  };
  return (
    <div className="flex flex-col items-stretch gap-2">
      <PeopleField label={t("Bring in")} chosen={chosen} except={except} onChange={setChosen} />
      {chosen.length > 0 && (
        <Button size="small" kind="primary" className="self-start" onClick={() => void add()}>
          {t("Add")}
        </Button>
      )}
    </div>
  );
}

type MemberProps = { participant: Participant; canChange: boolean; onRole: (role: Role) => void; onPutOut: () => void };

function Member({ participant, canChange, onRole, onPutOut }: MemberProps) {
  const { name, role, user_id: userId } = participant;
  const isHere = useIsHere(userId ?? "");
  const words: { [role: string]: string } = { owner: t("Owner"), admin: t("Admin"), guest: t("Guest") };
  return (
    <li className="flex h-9 items-center gap-2 text-sm">
      <Avatar person={{ name, email: userId ?? "" }} size={24} isHere={isHere} />
      <span className="flex min-w-0 flex-1">
        <PersonName id={userId} name={name} className="truncate" />
      </span>
      {canChange && role !== "guest" ? (
        <Select
          aria-label={t("Role of {name}", { name })}
          value={role as Role}
          options={ROLES}
          onChange={onRole}
          className="h-7"
        />
      ) : (
        <span className="text-xs text-muted">{words[role] ?? ""}</span>
      )}
      {canChange && (
        <IconButton icon={UserMinus} size="small" label={t("Put out {name}", { name })} onClick={onPutOut} />
      )}
    </li>
  );
}
