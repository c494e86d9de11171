"""What operators do to the house's own work."""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db, jobs
from posthouse.base.errors import Conflict
from posthouse.identity.actor import Actor
from posthouse.identity.operators import acting_in


@db.action
def hurry_job(operator: Actor, job_id: int) -> None:
    """Run a job now, as if it had never failed. Raises Conflict for one that is gone or under way."""
    acting = acting_in(operator, 0)
    if not jobs.hurry(job_id):
        raise Conflict("not_waiting", "This job is under way, or done.")
    record(acting, Act.JOB_HURRIED, kind="job", object_id=job_id)
