import { Copy } from "lucide-react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";

/** A secret that is shown this once, with a way to take it along. */
export function Once({ lines, note }: { lines: string[]; note: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      showToast({ message: t("Copied."), durationMs: 2_000 });
    } catch {
      showToast({ message: t("The browser does not let us copy."), kind: "problem" });
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm">{note}</p>
      <ul
        className={
          lines.length > 1
            ? "tabular grid grid-cols-2 gap-x-6 gap-y-1 rounded-md border border-line bg-sunken p-3 font-medium"
            : "tabular rounded-md border border-line bg-sunken p-3 font-medium break-all"
        }
      >
        {lines.map((line) => (
          <li key={line} className="select-all">
            {line}
          </li>
        ))}
      </ul>
      <Button className="self-start" onClick={() => void copy()}>
        <Copy size={14} aria-hidden />
        {t("Copy")}
      </Button>
    </div>
  );
}
