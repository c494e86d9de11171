import { useView } from "../../commands/view";
import { plural, t } from "../../lib/i18n";
import { Kbd } from "../../ui/Kbd";

const HINTS: [string, string][] = [
  ["j", t("next")],
  ["e", t("archive")],
  ["c", t("write")],
  ["/", t("search")],
  ["?", t("all keys")],
];

/** The reading pane while nothing is open. */
export function NoThread() {
  const count = useView((view) => view.selected.size);
  return (
    <div className="flex h-full flex-col items-center justify-center gap-4 text-sm text-muted">
      <p>
        {count > 0
          ? plural(count, "{n} thread selected", "{n} threads selected")
          : t("Choose a thread to read it here.")}
      </p>
      <ul className="flex flex-wrap justify-center gap-x-4 gap-y-1 text-xs">
        {HINTS.map(([keys, words]) => (
          <li key={keys} className="flex items-center gap-1.5">
            <Kbd keys={keys} />
            {words}
          </li>
        ))}
      </ul>
    </div>
  );
}
