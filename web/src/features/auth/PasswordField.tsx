import { Eye, EyeOff } from "lucide-react";
import { type Ref, useState } from "react";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Input, type InputProps } from "../../ui/Input";
import { Labelled, type LabelledProps } from "../../ui/Labelled";

export type PasswordFieldProps = Omit<LabelledProps, "label"> &
  Pick<InputProps, "value" | "onChange" | "autoFocus"> & {
    label?: string;
    /** Whether one is chosen here; else it is one that the person has. */
    isNew?: boolean;
    ref?: Ref<HTMLInputElement>;
  };

export function PasswordField({ label, hint, error, isNew = false, ...rest }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <Labelled label={label ?? t("Password")} hint={hint} error={error}>
      {(wired) => (
        <div className="relative">
          <Input
            {...wired}
            {...rest}
            name={isNew ? "new-password" : "password"}
            type={isShown ? "text" : "password"}
            autoComplete={isNew ? "new-password" : "current-password"}
            className="pr-10"
          />
          <IconButton
            icon={isShown ? EyeOff : Eye}
            label={isShown ? t("Hide password") : t("Show password")}
            size="small"
            tooltipSide="right"
            className="absolute top-1 right-1"
            onClick={() => setShown(!isShown)}
          />
        </div>
      )}
    </Labelled>
  );
}
