"""Every table of the kernel, a file per mechanism."""

from gongzhi.kernel.models.audit import AuditEntry
from gongzhi.kernel.models.caches import CacheVersion
from gongzhi.kernel.models.idempotency import IdempotencyKey
from gongzhi.kernel.models.notices import Notice
from gongzhi.kernel.models.tasks import PeriodicRun, WorkerPresence

__all__ = [
    "AuditEntry",
    "CacheVersion",
    "IdempotencyKey",
    "Notice",
    "PeriodicRun",
    "WorkerPresence",
]
