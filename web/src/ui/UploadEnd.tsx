import { X } from "lucide-react";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";

type UploadEndProps = { name: string; isUploading: boolean; percent: number; onRemove: () => void; className?: string };

/** The end of a file's tile: what takes it away, and how far it has come. */
export function UploadEnd({ name, isUploading, percent, onRemove, className }: UploadEndProps) {
  return (
    <>
      <IconButton
        icon={X}
        size="small"
        label={isUploading ? t("Stop uploading {name}", { name }) : t("Remove {name}", { name })}
        onClick={onRemove}
        {...(className ? { className } : {})}
      />
      {isUploading && (
        <span
          role="progressbar"
          aria-label={t("Uploading {name}", { name })}
          aria-valuenow={percent}
          className="absolute bottom-0 left-0 h-0.5 bg-accent transition-[width]"
          style={{ width: `${percent}%` }}
        />
      )}
    </>
  );
}
