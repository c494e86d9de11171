import { t } from "../../lib/i18n";
import { Input, type InputProps } from "../../ui/Input";
import { Labelled, type LabelledProps } from "../../ui/Labelled";
import { Select } from "../../ui/Select";

export type AddressFieldProps = LabelledProps &
  Pick<InputProps, "value" | "onChange" | "autoFocus"> & {
    domains: readonly string[];
    domain: string;
    onDomain: (domain: string) => void;
    /** The browser must not offer one's own. */
    isForOther?: boolean;
    isRequired?: boolean;
  };

/** What comes before the @, and the domain: chosen where there are several. */
export function AddressField(props: AddressFieldProps) {
  const { label, hint, error, domains, domain, onDomain, isForOther = false, isRequired = true, ...rest } = props;
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(wired) => (
        <div className="flex items-center gap-1.5">
          <Input
            {...wired}
            {...rest}
            name={isForOther ? "address" : "username"}
            autoComplete={isForOther ? "off" : "username"}
            autoCapitalize="off"
            spellCheck={false}
            required={isRequired}
            maxLength={64}
            pattern="[^\s@]+"
            title={t("Only what comes before the @")}
            className="flex-1"
          />
          <span className="text-muted">@</span>
          {domains.length === 1 ? (
            <span className="max-w-[50%] truncate text-base" title={domain}>
              {domain}
            </span>
          ) : (
            <Select
              aria-label={t("Domain")}
              value={domain}
              onChange={onDomain}
              options={domains.map((name) => ({ value: name, label: name }))}
              className="h-9 max-w-[50%]"
            />
          )}
        </div>
      )}
    </Labelled>
  );
}
