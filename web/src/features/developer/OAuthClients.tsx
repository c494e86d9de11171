import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CLIENTS_KEY, clientsQuery, developer, type OAuthClient } from "../../api/developer";
import type { MadeOAuthClient } from "../../api/generated/schema";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useAct } from "../security/acts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Once } from "../security/Once";
import { Waiting } from "../settings/Waiting";
import { OAuthClientDialog } from "./OAuthClientDialog";

export function OAuthClients() {
  const { data, error, refetch } = useQuery(clientsQuery);
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<MadeOAuthClient | null>(null);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t("Applications")}>
          {data.items.map((one) => (
            <Application key={one.id} client={one} />
          ))}
        </ul>
      )}
      <div className={cx("flex items-center gap-3 py-3", data.items.length > 0 && "border-t border-line")}>
        <Button onClick={() => setOpen(true)}>{t("Register an application")}</Button>
        {data.items.length === 0 && <p className="text-sm text-muted">{t("None yet.")}</p>}
      </div>
      {isOpen && (
        <OAuthClientDialog
          onClose={() => setOpen(false)}
          onMade={(client) => {
            setOpen(false);
            setMade(client);
          }}
        />
      )}
      <Dialog
        isOpen={made !== null}
        onClose={() => setMade(null)}
        title={t("{name} is registered", { name: made?.name ?? "" })}
        footer={
          <Button kind="primary" onClick={() => setMade(null)}>
            {t("Done")}
          </Button>
        }
      >
        <div className="flex flex-col gap-5">
          <Once lines={made ? [made.client_id] : []} note={t("The client id, which is no secret:")} />
          {made?.client_secret && (
            <Once lines={[made.client_secret]} note={t("The client secret. Keep it well; it is not shown again:")} />
          )}
        </div>
      </Dialog>
    </>
  );
}

function Application({ client }: { client: OAuthClient }) {
  const act = useAct();
  const cache = useQueryClient();
  const remove = async () => {
    await act(() => developer.removeClient(client.id), t("Application removed."));
    await cache.invalidateQueries({ queryKey: CLIENTS_KEY });
  };
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-t border-line py-3 first:border-t-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{client.name}</span>
          {client.is_public && <span className="rounded bg-sunken px-1.5 text-xs text-muted">{t("public")}</span>}
        </p>
        <p className="tabular text-sm text-muted select-all">{client.client_id}</p>
        <p className="text-sm [overflow-wrap:anywhere] text-muted">{client.redirect_uris.join(" · ")}</p>
        <p className="text-sm text-muted">{client.scopes.join(", ")}</p>
      </div>
      <ConfirmButton
        label={t("Remove")}
        name={t("Remove {name}", { name: client.name })}
        size="small"
        question={t("Nobody can log in to it with Posthouse any more, and what its users allowed it ends now.")}
        onConfirmed={() => void remove()}
      />
    </li>
  );
}
