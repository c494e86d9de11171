"""Accounts, mailboxes and e-mails as operators see them at /admin/.

Operators do not read people's mail: of an e-mail there is its size, its times and where it lies. Its subject, addresses
and text are not even fetched.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, Q
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from posthouse.base.admin import ActForm, HouseAdmin, elsewhere, link, moment, shown, since, size, text
from posthouse.base.admin import among as among_
from posthouse.identity.actor import Actor
from posthouse.identity.admin_forms import OrganisationFilter, of
from posthouse.identity.operators import acting_in
from posthouse.mail import sharing
from posthouse.mail.models import Account, Email, Mailbox

MIB = 1024 * 1024


class ChangeAccount(ActForm):
    quota_mib = forms.IntegerField(
        label="Quota in MiB",
        required=False,
        min_value=0,
        max_value=sharing.MAX_QUOTA_BYTES // MIB,
        help_text="Empty: no end. Below what the account holds nothing is lost, and nothing more comes in.",
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Account
        fields = ()

    def held(self, row: Account) -> dict[str, Any]:
        return {"quota_mib": None if row.quota_bytes is None else row.quota_bytes // MIB}


@shown(Account)
class AccountPage(HouseAdmin):
    icon, name = "inbox", "name"
    columns = (
        "name",
        link("owner", "email"),
        link("organisation", "name"),
        "kind",
        size("used_bytes"),
        size("quota_bytes"),
    )
    facts = (
        "id",
        link("owner", "email"),
        link("organisation", "name"),
        "kind",
        size("used_bytes"),
        size("quota_bytes"),
        elsewhere("mailboxes", Mailbox, "account"),
        elsewhere("e-mails", Email, "account"),
    )
    joined = ("owner", "organisation")
    search_fields = ("owner__email", "name", "=id")
    list_filter = (
        "kind",
        among_(
            "use",
            "use",
            {
                "full": ("Full", Q(used_bytes__gte=F("quota_bytes"))),
                "limited": ("Has a quota", Q(quota_bytes__isnull=False)),
                "large": ("Above 1 GiB", Q(used_bytes__gt=1024 * MIB)),
            },
        ),
        OrganisationFilter,
    )
    sortable_by = ("name",)
    change_form = ChangeAccount

    def change(self, operator: Actor, row: Account, given: dict[str, Any]) -> None:
        quota = given["quota_mib"]
        acting = acting_in(operator, row.organisation_id)
        sharing.set_quota(acting, row.id, None if quota is None else quota * MIB)


@shown(Mailbox)
class MailboxPage(HouseAdmin):
    """By role and number: what people call their mailboxes is their own."""

    icon, words = "folder", ("mailbox", "mailboxes")
    columns = ("id", link("account", "name"), "role", "total_emails", "unread_emails", "uidnext", "modseq")
    facts = (
        "id",
        link("account", "name"),
        "role",
        "total_emails",
        "unread_emails",
        "uidvalidity",
        "uidnext",
        "is_subscribed",
        "modseq",
    )
    joined = ("account",)
    search_fields = ("account__name", "=id")
    list_filter = (
        "role",
        among_(
            "filled",
            "filled",
            {"empty": ("Empty", Q(total_emails=0)), "large": ("Above 10,000", Q(total_emails__gt=10_000))},
        ),
        of("account__organisation_id"),
    )


@shown(Email)
class EmailPage(HouseAdmin):
    icon, words = "drafts", ("e-mail", "e-mails")
    columns = ("id", link("account", "name"), moment("received_at"), size("size_bytes"), "has_attachment")
    facts = (
        "id",
        link("account", "name"),
        moment("received_at"),
        moment("sent_at"),
        size("size_bytes"),
        "has_attachment",
        text("thread_id", "thread"),
        text("blob_id", "content"),
        "modseq",
    )
    search_fields = ("=id", "=account_id")
    search_help_text = "The number of an e-mail or an account"
    list_filter = (since("received_at", "received"), "has_attachment")

    def get_queryset(self, request: HttpRequest) -> Any:
        seen = (
            "id",
            "account__name",
            "received_at",
            "sent_at",
            "size_bytes",
            "has_attachment",
            "thread_id",
            "blob_id",
            "modseq",
        )
        return super().get_queryset(request).select_related("account").only(*seen)

    def name_of(self, row: Email) -> str:
        return f"E-mail {row.id}"
