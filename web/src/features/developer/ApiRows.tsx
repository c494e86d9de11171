import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { limitsQuery } from "../../api/developer";
import { sizeText } from "../../lib/bytes";
import { plural, t } from "../../lib/i18n";
import { Row } from "../settings/controls";
import { Waiting } from "../settings/Waiting";
import { policiesOf, policyWords } from "./policy";

const PAGES = [
  { href: "/api/v1/docs/", label: "Try it out" },
  { href: "/api/v1/redoc/", label: "Read it" },
  { href: "/api/v1/openapi.json", label: "OpenAPI" },
];

/** Where the API is described, and how large and how many things may be. */
export function ApiRows() {
  const { data, error, refetch } = useQuery(limitsQuery);
  return (
    <>
      <Row title={t("Documentation")} hint={t("Every operation with its parameters, answers and examples.")}>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {PAGES.map(({ href, label }) => (
            <li key={href}>
              <a
                href={href}
                target="_blank"
                rel="noopener"
                className="inline-flex items-center gap-1 font-medium text-accent underline-offset-2 hover:underline"
              >
                {t(label)}
                <ExternalLink size={12} aria-hidden />
                <span className="sr-only">{t("(in a new window)")}</span>
              </a>
            </li>
          ))}
        </ul>
      </Row>
      {data ? (
        <Row title={t("Limits")} hint={t("Over all your tokens and programs together.")}>
          <dl className="grid grid-cols-[auto_auto] gap-x-4 gap-y-0.5 text-sm">
            {policiesOf(data.policy).map((policy) => (
              <Limit
                key={policy.name}
                name={policy.name === "general" ? t("Requests") : policy.name}
                value={policyWords(policy)}
              />
            ))}
            <Limit name={t("A message")} value={sizeText(data.max_message_bytes)} />
            <Limit name={t("An attachment")} value={sizeText(data.max_attachment_bytes)} />
            <Limit
              name={t("To whom one goes")}
              value={plural(data.max_recipients, "{n} recipient", "{n} recipients")}
            />
          </dl>
        </Row>
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Limit({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="tabular text-right">{value}</dd>
    </>
  );
}
