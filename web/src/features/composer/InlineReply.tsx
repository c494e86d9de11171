import { Forward, PanelBottomOpen, Reply, ReplyAll } from "lucide-react";
import type { ReactNode } from "react";
import { Suspense, useEffect, useRef } from "react";
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { ownAddresses } from "../../lib/own-addresses";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Skeleton } from "../../ui/Skeleton";
import { useSignedInUser } from "./ports";
import { hasOthersToReplyTo } from "./recipients";
import type { Composer, ComposerMode } from "./session";
import { patchComposer, useComposers } from "./state";
import { openComposer } from "./store";

const loadForm = () => import("./InlineForm");
const InlineForm = onDemand(async () => (await loadForm()).InlineForm);

export type InlineReplyProps = {
  email: Email;
  threadEmails: Email[];
  /** One more button beside those that answer. */
  more?: ReactNode;
  /** Over the open answer: to whom it goes. */
  audience?: ReactNode;
};

/** Stands at the end of a thread: a row of three buttons that becomes the composer in place. */
export function InlineReply({ email, threadEmails, more, audience }: InlineReplyProps) {
  const user = useSignedInUser();
  const row = useRef<HTMLDivElement>(null);
  const composer = useComposers((state) => inlineComposer(Object.values(state.composers), threadEmails));
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !composer) row.current?.querySelector("button")?.focus({ preventScroll: true });
    wasOpen.current = composer !== undefined;
  }, [composer]);
  if (composer) {
    const popOut = () => patchComposer(composer.key, { placement: "dock", minimised: false });
    return (
      <Suspense fallback={<Skeleton className="h-48 w-full" />}>
        <InlineForm
          key={composer.key}
          composer={composer}
          audience={audience}
          extra={
            <IconButton icon={PanelBottomOpen} label={t("Write in a window")} tooltipSide="top" onClick={popOut} />
          }
        />
      </Suspense>
    );
  }
  const open = (mode: ComposerMode) => () => openComposer({ mode, email, placement: "inline" });
  return (
    <div ref={row} className="flex flex-wrap gap-2" onPointerEnter={() => void loadForm().catch(() => undefined)}>
      <Button onClick={open("reply")}>
        <Reply size={16} aria-hidden />
        {t("Reply")}
      </Button>
      {hasOthersToReplyTo(email, ownAddresses(user, email.account_id)) && (
        <Button onClick={open("replyAll")}>
          <ReplyAll size={16} aria-hidden />
          {t("Reply to all")}
        </Button>
      )}
      <Button onClick={open("forward")}>
        <Forward size={16} aria-hidden />
        {t("Forward")}
      </Button>
      {more}
    </div>
  );
}

/** Any answer in place to any mail of this thread: one is enough. */
export function inlineComposer(composers: Composer[], emails: Email[]): Composer | undefined {
  return composers.find(({ placement, isHidden, content }) => {
    const original = content.replyToEmailId ?? content.forwardOfEmailId;
    return placement === "inline" && !isHidden && emails.some((one) => one.id === original);
  });
}
