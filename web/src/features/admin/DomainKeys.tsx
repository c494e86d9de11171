import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { DomainShape, ScheduleShape } from "../../api/generated/schema";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Row } from "../settings/controls";
import { useAct } from "./act";
import { Box, Card } from "./parts";
import { keyScheduleQuery } from "./queries";

const BY_HAND = "";
const PERIODS = [
  { value: BY_HAND, label: t("By hand only") },
  { value: "90", label: t("Every 3 months") },
  { value: "180", label: t("Every 6 months") },
  { value: "365", label: t("Every year") },
];

/** Making them takes a moment: primes are looked for. */
export function DomainKeys({ domain }: { domain: DomainShape }) {
  const { act, isBusy } = useAct();
  const has = domain.records.some((one) => one.name.includes("._domainkey."));
  const make = () =>
    act({
      run: () => call("POST /api/v1/domains/{domain_id}/keys/", { path: { domain_id: domain.id } }),
      done: t("The keys are made. Publish their records above; then they sign."),
    });
  return (
    <Card title={t("Signing mail (DKIM)")}>
      <Box>
        <Row
          title={has ? t("Mail is signed once its keys are published") : t("Mail of this domain is not signed")}
          hint={
            has
              ? t("Keys made anew sign as soon as their records are in the DNS; until then those before them do.")
              : t("Others see by a signature that mail is from here and unchanged. Many take no mail without one.")
          }
        >
          <Button isBusy={isBusy} onClick={() => void make()}>
            {has ? t("Make new keys") : t("Make keys")}
          </Button>
        </Row>
        {has && <Schedule id={domain.id} />}
      </Box>
    </Card>
  );
}

function Schedule({ id }: { id: string }) {
  const { act } = useAct();
  const schedule = useQuery(keyScheduleQuery(id)).data;
  if (!schedule) return null;
  const value = schedule.every_days === null ? BY_HAND : String(schedule.every_days);
  const options = PERIODS.some((one) => one.value === value)
    ? PERIODS
    : [...PERIODS, { value, label: t("Every {n} days", { n: value }) }];
  const choose = (chosen: string) =>
    void act({
      run: () =>
        call("PATCH /api/v1/domains/{domain_id}/keys/schedule/", {
          path: { domain_id: id },
          body: { every_days: chosen === BY_HAND ? null : Number(chosen) },
        }),
      done: t("Saved."),
    });
  return (
    <Row title={t("New keys")} hint={hintOf(schedule)}>
      <Select aria-label={t("How often new keys are made")} value={value} options={options} onChange={choose} />
    </Row>
  );
}

function hintOf({ next_at, published_at, every_days }: ScheduleShape): string {
  const how = t("Their records come by mail; they sign when the DNS has them, and the old ones go a week later.");
  if (every_days === null || !next_at) return how;
  if (!published_at) return `${how} ${t("The newest are not published yet, as far as was seen.")}`;
  return `${how} ${t("Next: {when}.", { when: longDate(next_at) })}`;
}
