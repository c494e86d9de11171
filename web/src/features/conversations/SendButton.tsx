import { ChevronDown, Send } from "lucide-react";
import { useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { IconButton } from "../../ui/IconButton";
import { Field } from "../../ui/Input";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../../ui/Menu";
import { inputTime, moments } from "./moments";
import { HOLDS, setChatWays, useChatWays } from "./ways";

type SendButtonProps = { isDisabled: boolean; isEditing: boolean; onSend: () => void; onSendAt: (iso: string) => void };

export function SendButton({ isDisabled, isEditing, onSend, onSendAt }: SendButtonProps) {
  const ways = useChatWays();
  const [isAsking, setAsking] = useState(false);
  return (
    <span className="flex shrink-0 items-center">
      <IconButton
        icon={Send}
        label={isEditing ? t("Save") : t("Send")}
        keys={ways.enterSends ? "enter" : "mod+enter"}
        disabled={isDisabled}
        className="text-accent"
        onClick={onSend}
      />
      <Menu
        label={t("Ways of sending")}
        side="top"
        align="end"
        trigger={<IconButton icon={ChevronDown} label={t("Ways of sending")} size="small" className="w-6" />}
      >
        {!isEditing && (
          <>
            {moments().map(({ title, at }) => (
              <MenuItem key={title} isDisabled={isDisabled} onSelect={() => onSendAt(at.toISOString())}>
                {t("Send {when}", { when: title })}
              </MenuItem>
            ))}
            <MenuItem isDisabled={isDisabled} onSelect={() => setAsking(true)}>
              {t("Send at …")}
            </MenuItem>
            <MenuLine />
          </>
        )}
        <MenuChoice
          label={t("Enter")}
          value={ways.enterSends ? "send" : "break"}
          options={[
            { value: "send", label: t("sends; Shift+Enter breaks the line") },
            { value: "break", label: t("breaks the line; Ctrl+Enter sends") },
          ]}
          onChange={(value) => setChatWays({ enterSends: value === "send" })}
        />
        <MenuChoice
          label={t("Undo send")}
          value={String(ways.holdSeconds)}
          options={HOLDS.map((n) => ({
            value: String(n),
            label: n === 0 ? t("Off: sent at once") : t("{n} seconds", { n }),
          }))}
          onChange={(value) => setChatWays({ holdSeconds: Number(value) })}
        />
      </Menu>
      {isAsking && <AtDialog onClose={() => setAsking(false)} onPick={onSendAt} />}
    </span>
  );
}

export function AtDialog({
  title = t("Send at"),
  onClose,
  onPick,
}: {
  title?: string;
  onClose: () => void;
  onPick: (iso: string) => void;
}) {
  const [typed, setTyped] = useState(() => inputTime(new Date(Date.now() + 3_600_000)));
  const at = new Date(typed);
  const isGood = !Number.isNaN(at.getTime()) && at.getTime() > Date.now();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      width="narrow"
      footer={
        <Button
          kind="primary"
          disabled={!isGood}
          onClick={() => {
            onClose();
            onPick(at.toISOString());
          }}
        >
          {t("Choose")}
        </Button>
      }
    >
      <Field
        label={t("Day and time")}
        type="datetime-local"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Dialog>
  );
}
