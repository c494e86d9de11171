import { ImageOff } from "lucide-react";
import { useState } from "react";
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { usePreferences } from "../settings/usePreferences";
import { MailFrame } from "./MailFrame";
import { PlainText } from "./PlainText";

/** HTML where the mail has it, with remote images held back until they are asked for. */
export function MailBody({ email }: { email: Email }) {
  const { remote_images } = usePreferences();
  const [isAsked, setAsked] = useState(false);
  if (!email.has_html) return <PlainText text={email.text} />;
  const showsImages = isAsked || remote_images === "always";
  const src = showsImages ? withImages(email.html_url) : email.html_url;
  return (
    <>
      {email.has_remote_content && !showsImages && (
        <Banner
          icon={ImageOff}
          className="mb-3"
          actions={
            <Button size="small" onClick={() => setAsked(true)}>
              {t("Show images")}
            </Button>
          }
        >
          {t("Remote images are blocked, so the sender does not learn that you read this.")}
        </Banner>
      )}
      <MailFrame
        src={src}
        title={t("Mail from {who}", { who: email.from[0]?.email ?? t("nobody") })}
        fallback={<PlainText text={email.text} />}
      />
    </>
  );
}

function withImages(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}images=1`;
}
