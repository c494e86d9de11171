import { ChevronsUpDown } from "lucide-react";
import { Suspense } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { Avatar } from "../../ui/Avatar";
import { SyncSign } from "../shell/SyncSign";
import { useMe } from "../shell/useMail";
import { UserMenuOnDemand } from "./UserMenuOnDemand";

const OwnAvatar = onDemand(async () => (await import("./OwnAvatar")).OwnAvatar);
const OwnLine = onDemand(async () => (await import("./OwnAvatar")).OwnLine);

export function RailFoot({ isFolded }: { isFolded: boolean }) {
  const me = useMe();
  if (!me) return null;
  return (
    <footer
      className={cx("shrink-0 border-t border-line py-2", isFolded ? "flex flex-col items-center gap-2" : "px-0")}
    >
      <SyncSign isFolded={isFolded} />
      <UserMenuOnDemand
        trigger={
          <button
            type="button"
            aria-label={isFolded ? t("{name}: look, settings, log out", { name: me.name || me.email }) : undefined}
            className={cx(
              "flex items-center gap-2.5 rounded-md text-left hover:bg-hover data-[state=open]:bg-hover",
              isFolded ? "p-1.5" : "w-full px-2 py-1.5",
            )}
          >
            <Suspense fallback={<Avatar person={me} size={28} />}>
              <OwnAvatar person={me} />
            </Suspense>
            {!isFolded && (
              <>
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-sm leading-4 font-medium">{me.name || me.email}</span>
                  <span dir="auto" className="block truncate text-xs text-muted">
                    <Suspense fallback={me.email}>
                      <OwnLine person={me} />
                    </Suspense>
                  </span>
                </span>
                <span className="sr-only">{t("Look, settings, log out")}</span>
                <ChevronsUpDown size={14} className="text-muted" aria-hidden />
              </>
            )}
          </button>
        }
      />
    </footer>
  );
}
