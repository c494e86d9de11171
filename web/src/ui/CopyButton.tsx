import { Copy } from "lucide-react";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";
import { showToast } from "./toasts";

/** Puts a text on the clipboard and says so. `what` names it: "Copy the value". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      showToast({ message: t("Copied."), durationMs: 2_000 });
    } catch {
      showToast({ message: t("The browser does not let us copy."), kind: "problem" });
    }
  };
  return <IconButton icon={Copy} label={what} size="small" onClick={() => void copy()} />;
}
