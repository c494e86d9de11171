import { MailWarning } from "lucide-react";
import { Suspense, useState } from "react";
import type { Conversation } from "../../api/chat";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { heldCountWords } from "./outsideWords";
import { useHeld } from "./useOutsiders";

const HeldMail = onDemand(async () => (await import("./HeldMail")).HeldMail);

/** For the conversation's admins: mail waits, since nothing proves who wrote it. */
export function HeldLine({ conversation }: { conversation: Conversation }) {
  const [isOpen, setOpen] = useState(false);
  const { held, outsiders } = useHeld(conversation);
  return (
    <>
      {held.length > 0 && (
        <div role="status" className="shrink-0 px-3 pt-2">
          <Banner
            tone="warn"
            icon={MailWarning}
            actions={
              <Button size="small" onClick={() => setOpen(true)}>
                {t("Look")}
              </Button>
            }
          >
            {heldCountWords(held.length)}
          </Banner>
        </div>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <HeldMail conversation={conversation} held={held} outsiders={outsiders} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
