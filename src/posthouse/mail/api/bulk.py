"""`POST /emails/bulk/`: a verb on up to 500 e-mails, with a result for each (in the manner of RFC 4918 §13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, across, actions, bulk, queries
from posthouse.mail.access import Right
from posthouse.mail.actions import Done
from posthouse.mail.api import bodies, schemas

Act = Callable[[list[int]], Done]
DONE, MISSING, NOT_TRIED = (200, None), (404, "not_found"), (424, "failed_dependency")


class BulkView(APIView):
    @extend_schema(
        operation_id="emails_bulk",
        tags=["bulk"],
        request=bodies.Bulk,
        responses={207: schemas.BulkResults},
    )
    def post(self, request: Request) -> Response:
        """One verb for many e-mails and a result for each: 200 done, 404 not there, 424 not tried.

        With `atomic` all are done or none. A mailbox that is not there is a 404 for the whole.
        """
        actor, given = actor_of(request), parsed(bodies.Bulk, request)
        outcome = bulk.for_each(actor, given["ids"], _act(actor, given), atomic=given["atomic"])
        state = outcome.modseq or queries.state(access.account_id_for(actor, need=Right.READ))
        results = [_result(email_id, outcome) for email_id in dict.fromkeys(given["ids"])]
        return Response(
            {"results": results, "updated": len(outcome.done), "state": str(state)},
            status=207,
        )


def _result(email_id: int, outcome: bulk.Outcome) -> dict[str, Any]:
    status, code = DONE if email_id in outcome.done else MISSING if email_id in outcome.missing else NOT_TRIED
    return {"id": str(email_id), "status": status, "code": code}


def _act(actor: Actor, given: dict[str, Any]) -> Act:
    verbs: dict[str, Callable[[Actor, dict[str, Any]], Act]] = {
        "update": _update,
        "move": _move,
        "label": lambda actor, given: (
            lambda ids: actions.label_emails(actor, ids, add=given["add"], remove=given["remove"])
        ),
        "trash": lambda actor, given: (
            lambda ids: actions.trash_emails(actor, ids, out_of=given.get("from_mailbox"))
        ),
        "destroy": lambda actor, given: lambda ids: actions.destroy_emails(actor, ids),
    }
    return verbs[given["verb"]](actor, given)


def _update(actor: Actor, given: dict[str, Any]) -> Act:
    change = bodies.flag_change(given)
    return lambda ids: actions.flag_emails(
        actor,
        ids,
        set_bits=change.set_bits,
        clear_bits=change.clear_bits,
        add_keywords=given["add_keywords"],
        remove_keywords=given["remove_keywords"],
    )


def _move(actor: Actor, given: dict[str, Any]) -> Act:
    to, out_of = given["to_mailbox"], given.get("from_mailbox")
    there = sorted(access.present_emails_for(actor, given["ids"]))
    references = across.references_for_move(actor, there, to=to) if there else {}
    return lambda ids: across.move_emails(actor, ids, to=to, out_of=out_of, references=references)
