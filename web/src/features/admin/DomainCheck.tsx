/** What the world sees of a domain, looked at when asked: the DNS, our address, our certificate. */
import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleHelp, type LucideIcon } from "lucide-react";
import { call } from "../../api/call";
import { messageOf } from "../../api/error";
import type { FindingShape } from "../../api/generated/schema";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card } from "./parts";

type Topic = FindingShape["topic"];
type State = FindingShape["state"];

const TOPICS: { [topic in Topic]: string } = {
  mx: "Mail comes here (MX)",
  address: "The server’s address",
  reverse: "The address’s name (PTR)",
  spf: "Who may send (SPF)",
  dkim: "Signatures (DKIM)",
  dmarc: "Forgeries (DMARC)",
  port: "Port 25 answers",
  tls: "Certificate",
};
const STATES: { [state in State]: { words: string; Icon: LucideIcon; tone: string } } = {
  ok: { words: "Well", Icon: CircleCheck, tone: "text-ok" },
  missing: { words: "Missing", Icon: CircleAlert, tone: "text-danger" },
  wrong: { words: "Wrong", Icon: CircleAlert, tone: "text-danger" },
  unknown: { words: "Not known", Icon: CircleHelp, tone: "text-muted" },
};

export function DomainCheck({ id }: { id: string }) {
  const check = useMutation({
    mutationFn: () => call("POST /api/v1/domains/{domain_id}/check/", { path: { domain_id: id } }),
  });
  const button = (
    <Button isBusy={check.isPending} onClick={() => check.mutate()}>
      {check.data ? t("Look again") : t("Look now")}
    </Button>
  );
  return (
    <Card title={t("How the world sees it")} actions={button}>
      {check.error && (
        <Banner tone="danger" icon={CircleAlert}>
          <span role="alert">{messageOf(check.error)}</span>
        </Banner>
      )}
      {check.data ? (
        <Findings findings={check.data.items} />
      ) : (
        <p className="text-sm text-muted">
          {t("Looks up the records above, the server’s address and its certificate, as other mail servers do.")}
        </p>
      )}
    </Card>
  );
}

function Findings({ findings }: { findings: FindingShape[] }) {
  const open = findings.filter((one) => one.state === "missing" || one.state === "wrong").length;
  return (
    <>
      <p role="status" className="mb-2 text-sm">
        {open ? plural(open, "{n} thing is to be done.", "{n} things are to be done.") : t("Nothing is to be done.")}
      </p>
      <ul className="flex flex-col rounded-md border border-line bg-raised">
        {findings.map((one) => (
          <Line key={one.topic + one.name} finding={one} />
        ))}
      </ul>
    </>
  );
}

function Line({ finding }: { finding: FindingShape }) {
  const { words, Icon, tone } = STATES[finding.state];
  return (
    <li className="flex flex-col gap-0.5 border-t border-line p-3 text-sm first:border-t-0">
      <p className="flex items-center gap-2">
        <Icon size={16} className={cx("shrink-0", tone)} aria-hidden />
        <span className="font-medium">{t(TOPICS[finding.topic])}</span>
        <span className={cx("ml-auto", tone)}>{t(words)}</span>
      </p>
      <p className="pl-6 break-all text-muted">{finding.name}</p>
      {finding.found.map((text) => (
        <p key={text} className="pl-6 break-all text-muted">
          {text}
        </p>
      ))}
      {finding.advice && <p className="pl-6 break-words">{finding.advice}</p>}
    </li>
  );
}
