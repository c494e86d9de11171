import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../api/error";
import { addressesQuery, myself as doors, type Myself, myselfQuery } from "../../api/myself";
import { refreshSession } from "../../api/session";
import { t } from "../../lib/i18n";
import { problemsOf } from "../../lib/problems";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Waiting } from "./Waiting";

/** Every address that reaches one. Whoever manages people gives and takes them; the others see theirs. */
export function AddressRows({ myself }: { myself: Myself }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(addressesQuery(myself.id));
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const manages = myself.permissions.includes("users.manage");

  const act = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work();
      showToast({ message: done, durationMs: 3_000 });
      // Who one is, and as whom one may send, comes with the session.
      await Promise.all([refreshSession(), client.invalidateQueries({ queryKey: myselfQuery.queryKey })]);
    } catch (failure) {
      showToast({ message: messageOf(failure), kind: "problem" });
    }
  };
  return (
    <>
      <ul>
        {data.items.map((one) => (
          <li
            key={one.id}
            className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2 first:border-t-0"
          >
            <span className="min-w-0 flex-1 basis-52 break-words">{one.email}</span>
            {one.is_primary && (
              <span className="rounded bg-accent-soft px-1.5 text-xs font-medium text-accent">{t("Primary")}</span>
            )}
            {manages && !one.is_primary && (
              <span className="flex gap-2">
                <ConfirmButton
                  label={t("Make primary")}
                  name={t("Make {email} primary", { email: one.email })}
                  size="small"
                  kind="plain"
                  confirmKind="primary"
                  question={t(
                    "You log in with {email} from then on, and colleagues see it. The other one stays yours.",
                    {
                      email: one.email,
                    },
                  )}
                  onConfirmed={() =>
                    void act(() => doors.choosePrimary(myself.id, one.id), t("Primary address changed."))
                  }
                />
                <ConfirmButton
                  label={t("Remove")}
                  name={t("Remove {email}", { email: one.email })}
                  size="small"
                  question={t("Mail to {email} will not reach you any more.", { email: one.email })}
                  onConfirmed={() => void act(() => doors.removeAddress(myself.id, one.id), t("Address removed."))}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      {manages ? (
        <NewAddress
          domain={(myself.email ?? "").split("@")[1] ?? ""}
          onAdd={async (email) => {
            await doors.addAddress(myself.id, email);
            await act(async () => undefined, t("Address added."));
          }}
        />
      ) : (
        <p className="border-t border-line py-3 text-sm text-muted">{t("Your administrator can change them.")}</p>
      )}
    </>
  );
}

function NewAddress({ domain, onAdd }: { domain: string; onAdd: (email: string) => Promise<void> }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const email = typed.trim();
    if (!email) return;
    setBusy(true);
    setProblem(null);
    try {
      await onAdd(email.includes("@") ? email : `${email}@${domain}`);
      setTyped("");
    } catch (error) {
      const found = problemsOf(error, ["email"]);
      setProblem(found.email ?? found[""] ?? null);
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="border-t border-line py-3">
      <div className="flex gap-2">
        <Input
          aria-label={t("New address")}
          aria-invalid={problem ? true : undefined}
          type="email"
          autoComplete="off"
          placeholder={t("another@{domain}", { domain })}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-w-80"
        />
        <Button type="submit" className="h-9" isBusy={isBusy} disabled={!typed.trim()}>
          {t("Add")}
        </Button>
      </div>
      {problem && (
        <p role="alert" className="mt-1 text-sm text-danger">
          {problem}
        </p>
      )}
    </form>
  );
}
