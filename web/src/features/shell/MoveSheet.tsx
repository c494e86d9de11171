import { useQueries } from "@tanstack/react-query";
import { mailboxesQuery } from "../../api/queries";
import type { Account, Mailbox } from "../../api/types";
import { here } from "../../commands/here";
import { moveAcross, moveTo } from "../../commands/threads";
import { closeSheet, useView } from "../../commands/view";
import { t } from "../../lib/i18n";
import { labelBranches } from "../../lib/mailbox-tree";
import { mailboxName } from "../../lib/place";
import type { PickerItem } from "../../ui/Picker";
import { Picker } from "../../ui/Picker";
import { mailboxIcon } from "../rail/icons";
import { useMailboxes, useMe } from "./useMail";

type Place = { mailbox: Mailbox; inside: string };

/** One's own mailboxes, then those of other accounts that one may write in. */
export function MoveSheet() {
  const { mailboxes } = useMailboxes();
  const others = useOtherAccounts();
  const ids = useView((view) => view.sheetThreadIds);
  const current = here()?.mailbox?.id;
  const own = placesIn(mailboxes).filter(({ mailbox }) => mailbox.id !== current);
  const pick = (id: string) => {
    closeSheet();
    const context = here(ids);
    const other = others.find(({ places }) => places.some(({ mailbox }) => mailbox.id === id));
    const mailbox = other?.places.find((place) => place.mailbox.id === id)?.mailbox;
    if (!context) return;
    if (other && mailbox) moveAcross(context, mailbox, other.account);
    else moveTo(context, id);
  };
  const outside = others.flatMap(({ account, places }) =>
    places.map((place) => ({ ...itemOf(place), hint: [account.email, place.inside].filter(Boolean).join(" · ") })),
  );
  return (
    <Picker
      title={t("Move to")}
      placeholder={t("Move to …")}
      items={[...own.map(itemOf), ...outside]}
      emptyText={t("No mailbox of that name.")}
      onPick={pick}
      onClose={closeSheet}
    />
  );
}

/** What it lies in stands apart, so that the name itself is never what is cut off. */
export function itemOf({ mailbox, inside }: Place): PickerItem {
  return { id: mailbox.id, title: mailboxName(mailbox), hint: inside || undefined, icon: mailboxIcon(mailbox) };
}

function placesIn(mailboxes: Mailbox[]): Place[] {
  const roles = mailboxes.filter((one) => one.role !== null && one.role !== "drafts" && one.role !== "sent");
  return [...roles.map((mailbox) => ({ mailbox, inside: "" })), ...labelBranches(mailboxes)];
}

function useOtherAccounts(): { account: Account; places: Place[] }[] {
  const accounts = (useMe()?.accounts ?? []).slice(1).filter(({ right }) => right === "write" || right === "admin");
  const found = useQueries({ queries: accounts.map((account) => mailboxesQuery(account.id)) });
  return accounts.map((account, at) => ({ account, places: placesIn(found[at]?.data?.items ?? []) }));
}
