import { useId } from "react";
import { t } from "../../lib/i18n";

export type ScopeChoiceProps = {
  legend: string;
  scopes: readonly { scope: string; description: string }[];
  chosen: readonly string[];
  problem?: string | undefined;
  onChange: (scopes: string[]) => void;
};

/** Some of a list of words, each with what it means: scopes, and the events of a webhook. */
export function ScopeChoice({ legend, scopes, chosen, problem, onChange }: ScopeChoiceProps) {
  const problemId = useId();
  const toggle = (scope: string) =>
    onChange(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]);
  return (
    <fieldset aria-describedby={problem ? problemId : undefined} className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {scopes.map(({ scope, description }) => (
        <label key={scope} className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            className="mt-1 accent-(--accent)"
            checked={chosen.includes(scope)}
            onChange={() => toggle(scope)}
          />
          <span>
            <span className="font-medium">{scope}</span> <span className="text-muted">{t(description)}</span>
          </span>
        </label>
      ))}
      {problem && (
        <p id={problemId} className="text-sm text-danger">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
