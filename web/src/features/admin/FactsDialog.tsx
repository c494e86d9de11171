import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

export type FactsDialogProps = {
  title: string;
  about?: string;
  /** Those without a value are left out. */
  facts: readonly (readonly [name: string, value: string | null])[];
  onClose: () => void;
};

/** All that one row of a list holds. */
export function FactsDialog({ title, about, facts, onClose }: FactsDialogProps) {
  return (
    <Dialog isOpen onClose={onClose} title={title} isTextOnly footer={<Button onClick={onClose}>{t("Close")}</Button>}>
      {about && <p className="mb-3 text-sm">{about}</p>}
      <dl className="grid grid-cols-[minmax(72px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular break-words select-text">{value}</dd>
            </div>
          ))}
      </dl>
    </Dialog>
  );
}
