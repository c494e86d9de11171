"""What is to be done by itself with an e-mail that comes in, as a job in the transaction that stores it.

Decided at the door, done by automatic/jobs.py. Imports nothing that a door in a process of its own has no use for.
"""

from __future__ import annotations

from posthouse.filters.engine import NOTHING, Decision
from posthouse.mail.storing import Job
from posthouse.wire.auth.judgement import Judgement

KIND = "automatic"


def job_for(
    account_id: int,
    *,
    blob_id: int,
    sender: str,
    judgement: Judgement,
    decision: Decision | None,
    is_kept: bool,
    requires_tls: bool = False,
) -> Job | None:
    """`sender` and `requires_tls` are the envelope's, `is_kept` whether the account answers or forwards all that comes.

    What a rule deletes is neither answered nor forwarded with the rest; what rules themselves say is done.
    """
    decided = decision or NOTHING
    is_for_all = is_kept and not decided.is_trash
    if not is_for_all and not decided.forwards and decided.answer is None:
        return None
    return Job(
        kind=KIND,
        arguments={
            "account_id": account_id,
            "blob_id": blob_id,
            "sender": sender,
            "is_forged": "fail" in (judgement.dmarc, judgement.spf),
            "is_for_all": is_for_all,
            "filed_in": decided.mailbox_id,
            "forwards": list(decided.forwards),
            "answer": decided.answer,
            "requires_tls": requires_tls,
        },
    )
