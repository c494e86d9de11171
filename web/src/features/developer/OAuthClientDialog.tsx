import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { CLIENTS_KEY, developer } from "../../api/developer";
import type { MadeOAuthClient } from "../../api/generated/schema";
import { scopesQuery } from "../../api/security";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { TextAreaField } from "../../ui/TextArea";
import { NotProven, withStepUp } from "../security/stepUp";
import { ScopeChoice } from "./ScopeChoice";

/** Those of OpenID Connect, which no token of one's own can have and no list of the server's names. */
const OPENID = [
  { scope: "openid", description: "Know who you are." },
  { scope: "profile", description: "Know your name." },
  { scope: "email", description: "Know your e-mail address." },
  { scope: "offline_access", description: "Do so while you are not there." },
];

export type OAuthClientDialogProps = { onClose: () => void; onMade: (client: MadeOAuthClient) => void };

export function OAuthClientDialog({ onClose, onMade }: OAuthClientDialogProps) {
  const client = useQueryClient();
  const formId = useId();
  const kind = useId();
  const { data: known } = useQuery(scopesQuery);
  const [name, setName] = useState("");
  const [uris, setUris] = useState("");
  const [scopes, setScopes] = useState(["openid", "profile", "email"]);
  const [isPublic, setPublic] = useState(false);
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const redirect_uris = uris.split(/\s+/).filter(Boolean);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblems({});
    try {
      const body = { name: name.trim(), redirect_uris, scopes, is_public: isPublic };
      const made = await withStepUp(() => developer.addClient(body));
      void client.invalidateQueries({ queryKey: CLIENTS_KEY });
      onMade(made);
    } catch (error) {
      if (!(error instanceof NotProven)) setProblems(problemsOf(error, ["name", "redirect_uris", "scopes"]));
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Register an application")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={!name.trim() || redirect_uris.length === 0 || scopes.length === 0}
          >
            {t("Register")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        <Field
          label={t("Name")}
          hint={t("People see it when they are asked whether to let it in.")}
          error={problems.name}
          type="text"
          maxLength={100}
          autoComplete="off"
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextAreaField
          label={t("Redirect URIs")}
          hint={t("One a line, each exactly as the application says it.")}
          error={problems.redirect_uris}
          spellCheck={false}
          placeholder="https://"
          value={uris}
          onChange={(event) => setUris(event.target.value)}
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 text-sm font-medium">{t("What it is")}</legend>
          {[
            { isIt: false, words: t("A server, which can keep a secret") },
            { isIt: true, words: t("A page or an app, which cannot (public; it must use PKCE)") },
          ].map(({ isIt, words }) => (
            <label key={words} className="flex items-start gap-2 text-sm">
              <input
                type="radio"
                name={kind}
                checked={isPublic === isIt}
                onChange={() => setPublic(isIt)}
                className="mt-1 accent-(--accent)"
              />
              {words}
            </label>
          ))}
        </fieldset>
        <ScopeChoice
          legend={t("It may ask to")}
          scopes={[...OPENID, ...(known?.items ?? [])]}
          chosen={scopes}
          problem={problems.scopes}
          onChange={setScopes}
        />
        {problems[""] && (
          <Banner tone="danger" icon={CircleAlert}>
            {problems[""]}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}
