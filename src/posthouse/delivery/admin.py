"""Mail on its way out as operators see it at /admin/: where it goes, what was answered, when it is tried again."""

from __future__ import annotations

from django.db.models import Q

from posthouse.base.admin import HouseAdmin, act, among, elsewhere, link, moment, shown, since, text
from posthouse.delivery.models import Recipient, Submission
from posthouse.delivery.tending import operating
from posthouse.identity.actor import Actor
from posthouse.identity.admin_forms import of

WAITING = (Recipient.State.QUEUED, Recipient.State.RETRYING)


@shown(Recipient)
class RecipientPage(HouseAdmin):
    icon, name = "outgoing_mail", "address"
    columns = (
        "address",
        "state",
        text("submission.mail_from", "from"),
        "attempts",
        moment("due_at", "next try"),
        "code",
        "answer",
        moment("updated_at", "since"),
    )
    facts = (
        "id",
        "address",
        "state",
        link("submission", "id"),
        text("submission.mail_from", "from"),
        "attempts",
        moment("due_at", "next try"),
        "host",
        "is_tls",
        "code",
        "answer",
        moment("updated_at", "since"),
    )
    joined = ("submission",)
    search_fields = ("=address", "=domain", "=id", "=submission__mail_from")
    search_help_text = "An address, a domain or a number"
    list_filter = (
        among(
            "waiting",
            "waiting",
            {
                "yes": ("Waits or is tried", Q(due_at__isnull=False)),
                "failing": ("Tried in vain", Q(due_at__isnull=False, attempts__gt=0)),
            },
        ),
        "state",
        of("submission__account__organisation_id"),
        since("updated_at", "changed"),
    )
    actions = ("hurry", "give_up")

    @act("Try now", when=lambda row: row.state in WAITING)
    def hurry(self, operator: Actor, row: Recipient) -> None:
        operating.hurry(operator, row.id)

    @act("Give up and tell the sender", when=lambda row: row.state in WAITING)
    def give_up(self, operator: Actor, row: Recipient) -> None:
        operating.give_up(operator, row.id)


@shown(Submission)
class SubmissionPage(HouseAdmin):
    icon = "send"
    columns = (
        "id",
        "mail_from",
        link("account", "name"),
        "state",
        moment("created_at", "handed in"),
        moment("hold_until", "held until"),
        elsewhere("recipients", Recipient, "submission"),
    )
    facts = (
        "id",
        "mail_from",
        link("account", "name"),
        "state",
        moment("created_at", "handed in"),
        moment("hold_until", "held until"),
        "is_smtputf8",
        "is_8bit",
        text("email_id", "e-mail"),
        elsewhere("recipients", Recipient, "submission"),
    )
    joined = ("account",)
    search_fields = ("=mail_from", "=id", "=email_id")
    list_filter = ("state", of("account__organisation_id"), since("created_at", "handed in"))
