import { t } from "../../lib/i18n";
import { Card } from "../settings/Card";
import { Forwards } from "./Forwards";
import { VacationForm } from "./VacationForm";

export function AnswersSection() {
  return (
    <>
      <Card
        title={t("While you are away")}
        hint={t("Whoever writes to you is answered, each once in a while; lists and programs are not.")}
        at="vacation"
      >
        <VacationForm />
      </Card>
      <Card
        title={t("Forwards")}
        hint={t("Mail that comes in goes on to another address, once whoever reads there has agreed. Junk stays here.")}
        at="forwards"
      >
        <Forwards />
      </Card>
    </>
  );
}
