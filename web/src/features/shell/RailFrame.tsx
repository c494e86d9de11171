import { useEffect } from "react";
import { t } from "../../lib/i18n";
import { MEDIUM, PHONE, useMedia } from "../../lib/media";
import { Rail } from "../rail/Rail";
import { Divider } from "./Divider";
import { usePanes } from "./panes";

const FOLDED = 56;

/** The rail beside a page: full, folded to icons, or (on a phone) not at all. News stands beside it, by its width. */
export function RailFrame() {
  const isPhone = useMedia(PHONE);
  const isMedium = useMedia(MEDIUM);
  const chosen = usePanes((panes) => panes.rail);
  const width = isPhone ? 0 : isMedium ? FOLDED : chosen;
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("--rail", `${width}px`);
    return () => {
      style.removeProperty("--rail");
    };
  }, [width]);
  if (isPhone) return null;
  return (
    <aside aria-label={t("Mailboxes and you")} className="flex shrink-0">
      <div data-print="none" className="shrink-0 bg-sunken" style={{ width }}>
        <Rail isFolded={isMedium} />
      </div>
      {isMedium ? <span className="w-px shrink-0 bg-line" /> : <Divider pane="rail" label={t("Width of the rail")} />}
    </aside>
  );
}
