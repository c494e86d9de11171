import type { PostingEnum } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import type { Form } from "../../ui/form";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { TextAreaField } from "../../ui/TextArea";
import { AddressField } from "../auth/AddressField";
import { addressOf } from "../auth/entrances";
import { POSTING_OPTIONS } from "./groupWords";
import { useDomains } from "./useDomains";

export type GroupValues = { name: string; about: string; posting: PostingEnum; address: string; domain: string };

export const GROUP_CODES = {
  group_exists: "name",
  address_exists: "address",
  invalid_address: "address",
  no_such_domain: "address",
};

/** What a group is called, who may write to it, and where. */
export function GroupFields({ form, isNew = false }: { form: Form<GroupValues>; isNew?: boolean }) {
  const domains = useDomains();
  return (
    <>
      <Field label={t("Name")} type="text" required autoFocus={isNew} maxLength={100} {...form.field("name")} />
      <TextAreaField label={t("What it is for")} maxLength={1000} rows={2} {...form.field("about")} />
      <AddressField
        label={t("Address")}
        hint={t("Mail to it reaches every member. Leave it empty for a group without mail.")}
        isForOther
        isRequired={false}
        domains={domains}
        domain={form.values.domain || (domains[0] ?? "")}
        onDomain={(domain) => form.set({ domain })}
        {...form.field("address")}
        error={form.errorOf("address")}
      />
      <SelectField
        label={t("Who may write to it")}
        hint={t("From outside only what everybody may write comes in: nothing else proves there who writes.")}
        options={POSTING_OPTIONS}
        {...form.choice("posting")}
      />
    </>
  );
}

export function groupBody(values: GroupValues, firstDomain: string | undefined) {
  const { name, about, posting, address, domain } = values;
  const local = address.trim();
  return {
    name: name.trim(),
    about: about.trim(),
    posting,
    address: local ? addressOf(local, domain || (firstDomain ?? "")) : null,
  };
}
