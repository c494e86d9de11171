import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api/error";
import type { Flow } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { AddressField } from "./AddressField";
import { CodeField } from "./CodeField";
import { addressOf, type Entry, enterWith, entrances } from "./entrances";
import { TextButton } from "./SecondFactor";
import { problemOf } from "./words";

/** What was asked for, kept until the code comes. */
export type Asked = { email: string; password: string; letterTo: string };

export type ProofFormProps = { asked: Asked & Flow; onIn: (entry: Entry) => void; onStartOver: () => void };

/** The code makes the account. Only now is it told that an address is taken; another may be chosen then. */
export function ProofForm({ asked, onIn, onStartOver }: ProofFormProps) {
  const [local = "", domain = ""] = asked.email.split("@");
  const [isTaken, setTaken] = useState(false);
  const form = useForm({ code: "", email: local }, { words: problemOf, byCode: { address_exists: "email" } });
  const finish = form.submit(async ({ code, email }) => {
    try {
      const other = isTaken ? { email: addressOf(email, domain) } : {};
      const made = await entrances.prove({ flow: asked.flow, code, ...other });
      onIn(await enterWith(made.email, asked.password));
    } catch (error) {
      if (error instanceof ApiError && error.code === "address_exists") setTaken(true);
      throw error;
    }
  });
  return (
    <form onSubmit={finish} aria-label={t("Code")} className="flex flex-col gap-4">
      <p className="text-base">
        {t("A letter with a code is on its way to {email}. It makes the account {wanted}.", {
          email: asked.letterTo,
          wanted: isTaken ? addressOf(form.values.email, domain) : asked.email,
        })}
      </p>
      <CodeField flow={asked.flow} seconds={asked.expires_in_seconds} {...form.field("code")} />
      {isTaken && (
        <AddressField
          label={t("Another address")}
          domains={[domain]}
          domain={domain}
          onDomain={() => undefined}
          {...form.field("email")}
        />
      )}
      {form.problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {form.problem}
        </Banner>
      )}
      <Button kind="primary" type="submit" isBusy={form.isBusy} disabled={!form.values.code.trim()} className="h-9">
        {t("Make the account")}
      </Button>
      <div>
        <TextButton onClick={onStartOver}>{t("Begin again")}</TextButton>
      </div>
    </form>
  );
}
