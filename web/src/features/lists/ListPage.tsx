import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CloudOff, Megaphone } from "lucide-react";
import { useState } from "react";
import { ApiError, messageOf } from "../../api/error";
import { LISTS_KEY, listQuery, type MailingList, mailing } from "../../api/mailing";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Card } from "../settings/Card";
import { Row } from "../settings/controls";
import { SettingsBody } from "../settings/SettingsBody";
import { Waiting } from "../settings/Waiting";
import { Members } from "./Members";
import { Sendings } from "./Sendings";
import { WriteForm } from "./WriteForm";

export function ListPage({ id }: { id: string }) {
  const { data: list, error, refetch } = useQuery(listQuery(id));
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/settings/$section", params: { section: "lists" } });
  const isGone = error instanceof ApiError && error.status === 404;
  if (!list && error)
    return (
      <EmptyState
        icon={isGone ? Megaphone : CloudOff}
        title={isGone ? t("There is no such list") : t("This list could not be read")}
        text={isGone ? t("It may have been removed.") : messageOf(error)}
      >
        {isGone ? (
          <Button onClick={back}>{t("To the lists")}</Button>
        ) : (
          <Button onClick={() => void refetch()}>{t("Try again")}</Button>
        )}
      </EmptyState>
    );
  return (
    <SettingsBody title={list?.title ?? t("Mailing list")} back={{ to: "/settings/lists", label: t("Mailing lists") }}>
      {list ? <Open list={list} onRemoved={back} /> : <Waiting error={null} onRetry={() => undefined} />}
    </SettingsBody>
  );
}

function Open({ list, onRemoved }: { list: MailingList; onRemoved: () => void }) {
  const client = useQueryClient();
  const [isRenaming, setRenaming] = useState(false);
  const remove = async () => {
    try {
      await mailing.remove(list.id);
      showToast({ message: t("List removed."), durationMs: 3_000 });
      onRemoved();
      client.removeQueries({ queryKey: [...LISTS_KEY, list.id] });
      void client.invalidateQueries({ queryKey: LISTS_KEY, exact: true });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
  };
  return (
    <>
      <WriteForm list={list} />
      <Sendings list={list} />
      <Members list={list} />
      <Card title={t("This list")}>
        <Row title={t("Title")} hint={list.title}>
          <Button onClick={() => setRenaming(true)}>{t("Rename")}</Button>
        </Row>
        <Row title={t("Name in links")} hint={list.name}>
          {null}
        </Row>
        <Row title={t("Remove")} hint={t("With its members. Who has left it is remembered.")}>
          <ConfirmButton
            label={t("Remove")}
            name={t("Remove the list")}
            question={t("{title} and who is on it are gone for good.", { title: list.title })}
            onConfirmed={() => void remove()}
          />
        </Row>
      </Card>
      {isRenaming && <Rename list={list} onClose={() => setRenaming(false)} />}
    </>
  );
}

function Rename({ list, onClose }: { list: MailingList; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ title: list.title });
  const save = form.submit(async ({ title }) => {
    client.setQueryData(listQuery(list.id).queryKey, await mailing.rename(list.id, title.trim()));
    void client.invalidateQueries({ queryKey: LISTS_KEY, exact: true });
    onClose();
  });
  return (
    <FormDialog title={t("Rename the list")} submitLabel={t("Save")} form={form} onSubmit={save} onClose={onClose}>
      <Field label={t("Title")} type="text" maxLength={200} required autoFocus {...form.field("title")} />
    </FormDialog>
  );
}
