import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { actWords } from "../../lib/acts";
import { t } from "../../lib/i18n";
import { PHONE, useMedia } from "../../lib/media";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { DOORS, FAMILIES } from "./auditWords";
import { MemberField } from "./MemberField";
import { nameOf } from "./personActs";
import { personQuery } from "./queries";
import { type Filters, useTypedFilter } from "./useFilters";

const OUTCOMES = [
  { value: "", label: t("Either") },
  { value: "ok", label: t("Done") },
  { value: "refused", label: t("Refused") },
];

export function AuditFilters({ filters }: { filters: Filters }) {
  const { search, setSearch } = filters;
  const [ip, setIp] = useTypedFilter(filters, "ip");
  const isPhone = useMedia(PHONE);
  const [isOpen, setOpen] = useState(Object.keys(search).length > 0);
  const { act = "" } = search;
  const isOfFamily = FAMILIES.some((one) => one.value === act);
  const families = isOfFamily ? FAMILIES : [...FAMILIES, { value: act, label: actWords(act) }];
  const clear = () => {
    setIp("");
    setSearch({ act: "", actor: "", via: "", ip: "", outcome: "", from: "", to: "" });
  };
  if (isPhone && !isOpen) {
    return (
      <Button className="mb-4" onClick={() => setOpen(true)}>
        <SlidersHorizontal size={16} aria-hidden />
        {t("Filters")}
      </Button>
    );
  }
  return (
    <fieldset className="mb-4 rounded-md border border-line p-3">
      <legend className="sr-only">{t("Filters")}</legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-3">
        <SelectField
          label={t("What")}
          value={act}
          options={families}
          onChange={(chosen) => setSearch({ act: chosen })}
        />
        {search.actor ? (
          <Who id={search.actor} onClear={() => setSearch({ actor: "" })} />
        ) : (
          <MemberField label={t("Who")} isPeopleOnly onPick={({ id }) => setSearch({ actor: id })} />
        )}
        <SelectField
          label={t("Door")}
          value={search.via ?? ""}
          options={DOORS}
          onChange={(via) => setSearch({ via })}
        />
        <SelectField
          label={t("Outcome")}
          value={search.outcome ?? ""}
          options={OUTCOMES}
          onChange={(outcome) => setSearch({ outcome })}
        />
        <Field
          label={t("From")}
          type="date"
          value={search.from ?? ""}
          onChange={(event) => setSearch({ from: event.target.value })}
        />
        <Field
          label={t("Until")}
          type="date"
          value={search.to ?? ""}
          onChange={(event) => setSearch({ to: event.target.value })}
        />
        <Field
          label={t("IP address")}
          type="text"
          autoComplete="off"
          spellCheck={false}
          value={ip}
          onChange={(event) => setIp(event.target.value)}
        />
        {Object.keys(search).length > 0 && (
          <Button className="h-9 self-end justify-self-start" onClick={clear}>
            {t("Show everything")}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function Who({ id, onClear }: { id: string; onClear: () => void }) {
  const { data } = useQuery(personQuery(id));
  const name = data ? nameOf(data) : t("Somebody");
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-sm font-medium">{t("Who")}</span>
      <span className="flex h-9 items-center">
        <Chip tone="accent" removeLabel={t("Not only {name}", { name })} onRemove={onClear}>
          {name}
        </Chip>
      </span>
    </div>
  );
}
