import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { requestResponse } from "../../api/client";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { saveAs } from "../../lib/save";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Skeleton } from "../../ui/Skeleton";

const MOST_SHOWN = 300_000;

/** The mail as it came over the wire, byte for byte. */
export function OriginalDialog({ emailId, onClose }: { emailId: string; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ["raw", emailId],
    queryFn: async ({ signal }) => {
      const headers = { Accept: "message/rfc822" };
      return (await requestResponse("GET", `/emails/${emailId}/raw/`, { headers, signal })).blob();
    },
    gcTime: 0,
  });
  const text = useQuery({
    queryKey: ["raw-text", emailId],
    queryFn: () => (data as Blob).slice(0, MOST_SHOWN).text(),
    enabled: data !== undefined,
    gcTime: 0,
  });
  const save = () => {
    if (data) saveAs(data, `${emailId}.eml`);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Original")}
      isTextOnly
      width="wide"
      footer={
        <Button onClick={save} disabled={!data}>
          <Download size={16} aria-hidden />
          {t("Download")}
        </Button>
      }
    >
      {error ? (
        <p className="text-danger">{messageOf(error)}</p>
      ) : text.data === undefined ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <pre className="overflow-x-auto font-mono text-xs leading-5 select-text">
          {text.data}
          {data && data.size > MOST_SHOWN ? `\n\n${t("(the rest is in the download)")}` : ""}
        </pre>
      )}
    </Dialog>
  );
}
