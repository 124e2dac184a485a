import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from gongzhi.kernel.errors import Conflict, DomainError, KeyReused, Missing, NotAllowed


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DomainError, 400, "refused"),
        (NotAllowed, 403, "not_allowed"),
        (Missing, 404, "missing"),
        (Conflict, 409, "conflict"),
        (KeyReused, 422, "key_reused"),
    ],
)
def test_each_refusal_has_its_status_its_code_and_a_sentence(error: type[DomainError], status: int, code: str) -> None:
    raised = error()
    assert (raised.status, raised.code, raised.field) == (status, code, None)
    assert raised.message.endswith("。")
    assert str(raised) == raised.message


def test_its_own_sentence_at_a_field() -> None:
    raised = Conflict("这件事已经办结。", field="state")
    assert (raised.message, raised.field, raised.status) == ("这件事已经办结。", "state", 409)


def test_the_sentence_is_translated_when_it_is_read() -> None:
    raised = DomainError(gettext_lazy("Monday"))  # in Django's own catalogue
    with translation.override("zh-hans"):
        assert raised.message == "星期一"
    with translation.override("en"):
        assert raised.message == "Monday"
