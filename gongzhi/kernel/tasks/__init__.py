"""Background work: jobs that are queued, and periodic jobs that come round.

    @job(retries=3)
    def train_categories(run_id: int) -> None: ...

    train_categories.enqueue(run.pk)  # runs in a worker, once the transaction has committed

    @periodic(seconds=30)
    def fire_case_clocks() -> int: ...  # no two workers run it at the same time

A job takes ids and calls one action. It can run twice (the work of a killed worker is taken up by another), so it is
idempotent. The rows of jobs are those of django-tasks-db; the loop that runs them is ours, for retry with backoff and
because that package leaves the job of a killed worker running for ever.
"""

from gongzhi.kernel.tasks.jobs import Job, job, reap, run_pending
from gongzhi.kernel.tasks.periodic import periodic, tick
from gongzhi.kernel.tasks.presence import Presence

__all__ = ["Job", "Presence", "job", "periodic", "reap", "run_pending", "tick"]
