import { Dialog as Radix } from "radix-ui";
import { t } from "../../lib/i18n";
import { Rail } from "../rail/Rail";
import { closeDrawer } from "./drawer";

export function RailDrawer() {
  return (
    <Radix.Root open onOpenChange={(open) => !open && closeDrawer()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-[fade_120ms] bg-black/35" />
        <Radix.Content
          aria-describedby={undefined}
          data-drawer
          className="fixed inset-y-0 left-0 z-50 w-[min(304px,84vw)] animate-[fade_120ms] bg-paper shadow-raised outline-none"
        >
          <Radix.Title className="sr-only">{t("Mailboxes")}</Radix.Title>
          <Rail isFolded={false} onChoose={closeDrawer} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
