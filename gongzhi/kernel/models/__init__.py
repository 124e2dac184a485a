"""Every table of the kernel, a file per mechanism."""

from gongzhi.kernel.models.attachments import Attachment
from gongzhi.kernel.models.audit import AuditEntry
from gongzhi.kernel.models.caches import CacheVersion
from gongzhi.kernel.models.idempotency import IdempotencyKey
from gongzhi.kernel.models.notices import Notice
from gongzhi.kernel.models.sheets import SheetImport, SheetRefusal
from gongzhi.kernel.models.tasks import PeriodicRun, WorkerPresence
from gongzhi.kernel.models.workdays import CalendarDay, WorkHours

__all__ = [
    "Attachment",
    "AuditEntry",
    "CacheVersion",
    "CalendarDay",
    "IdempotencyKey",
    "Notice",
    "PeriodicRun",
    "SheetImport",
    "SheetRefusal",
    "WorkHours",
    "WorkerPresence",
]
