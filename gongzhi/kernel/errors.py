"""What an action refuses, in words that the person at the screen can act on.

Pages show `.message` beside `.field`; APIs answer `.status` with `.code` and the message. A subclass sets its own
status, code and default sentence.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """A refusal. `message` may be lazily translated: it is turned into words in the reader's language when read."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    default: ClassVar[Text] = _("这一步现在办不了，请核对后再试。")

    def __init__(self, message: Text | None = None, *, field: str | None = None) -> None:
        self._text: Text = self.default if message is None else message
        self.field = field
        super().__init__(self._text)

    @property
    def message(self) -> str:
        return str(self._text)

    def __str__(self) -> str:
        return self.message


class NotAllowed(DomainError):
    """The person may see it but not do it."""

    status = 403
    code = "not_allowed"
    default = _("您的岗位不能办这件事。如确需办理，请联系管理员。")


class Missing(DomainError):
    """It does not exist, or this person may not know that it does: both answer alike."""

    status = 404
    code = "missing"
    default = _("没有找到。请核对编号，或返回上一页重新查找。")


class Conflict(DomainError):
    """Somebody else was first: the caller should show the fresh state."""

    status = 409
    code = "conflict"
    default = _("这件事刚刚有人更新过。请看一下最新情况，再决定怎么办。")


class KeyReused(DomainError):
    """One idempotency key came with two different bodies."""

    status = 422
    code = "key_reused"
    default = _("这份内容和刚才提交的不一样。请刷新页面，重新提交一次。")
