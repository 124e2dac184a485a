import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy
from pytest_django import DjangoAssertNumQueries, Settings

from gongzhi.kernel import clock, notices
from gongzhi.kernel.audit import Ref
from gongzhi.kernel.models import Notice
from gongzhi.kernel.notices import Address, Message, channels
from gongzhi.kernel.notices.delivery import WAITS, _claim
from gongzhi.kernel.notices.words import _kinds

pytestmark = pytest.mark.django_db
CASE = Ref("cases.case", 7, "7K3")
PHONE = "13800000000"


class Gateway:
    """A gateway that can be told to refuse; it remembers what it was given."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.error: Exception | None = None

    def send(self, message: Message) -> None:
        if self.error:
            raise self.error
        self.got.append(message)


@pytest.fixture(autouse=True)
def gateway(settings: Settings) -> Iterator[Gateway]:
    gateway = Gateway()
    notices.register_channel("test", gateway)
    notices.register(
        "test.dispatched", title=gettext_lazy("Monday"), body="“%(title)s”已派给%(body)s。", url="/cases/%(code)s/",
    )  # fmt: skip
    settings.GONGZHI_NOTICE_CHANNEL = "test"
    settings.SITE_ORIGIN = ""
    yield gateway
    del channels._channels["test"], _kinds["test.dispatched"]


@pytest.fixture
def people() -> list[Any]:
    model = get_user_model()
    return [model.objects.create(username=name) for name in ("alice", "bob")]


def tell(to: Any, **changes: Any) -> None:
    values: dict[str, Any] = {
        "kind": "test.dispatched", "to": to, "obj": CASE, "key": "dispatched:7:1",
        "params": {"title": "路灯不亮", "body": "路灯所", "code": "7K3"},
    }  # fmt: skip
    notices.queue(**{**values, **changes})


def test_many_are_told_in_one_statement(people: list[Any], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        tell([people[0].pk, people[1].pk, people[0].pk, Address(PHONE)])
    assert Notice.objects.count() == 3


def test_in_the_app_it_is_there_at_once_unread_until_read(people: list[Any]) -> None:
    alice, bob = people
    tell(alice.pk)
    [notice] = notices.list_for(alice)
    assert notice.sent_at is not None
    assert (notice.url, notice.object_type, notice.object_id) == ("/cases/7K3/", "cases.case", 7)
    assert (notices.unread_count(alice), notices.unread_count(bob), notices.unread_count(AnonymousUser())) == (1, 0, 0)
    assert notices.mark_read(bob, [notice.pk]) == 0
    assert notices.mark_read(AnonymousUser()) == 0
    assert notices.mark_read(alice) == 1
    assert notices.unread_count(alice) == 0
    assert not notices.list_for(AnonymousUser()).exists()


def test_the_same_occasion_is_told_once(people: list[Any]) -> None:
    tell(people[0].pk)
    tell([people[0].pk, people[1].pk])
    assert Notice.objects.count() == 2
    tell(people[0].pk, key="dispatched:7:2")
    assert Notice.objects.count() == 3


def test_it_is_rolled_back_with_the_act(people: list[Any]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        tell(people[0].pk)
        raise RuntimeError("the act failed")
    assert not Notice.objects.exists()


def test_the_words_are_the_readers(people: list[Any]) -> None:
    tell(people[0].pk)
    params = Notice.objects.get().params
    with translation.override("zh-hans"):
        said = notices.words("test.dispatched", params)
    assert (said.title, said.body) == ("星期一", "“路灯不亮”已派给路灯所。")
    with translation.override("en"):
        assert notices.words("test.dispatched", params).title == "Monday"


def test_a_param_that_is_missing_and_a_kind_that_is_unknown_still_say_something() -> None:
    assert notices.words("test.dispatched", {"title": "路灯"}).body == "“路灯”已派给。"
    assert notices.words("gone", {}).title == "您有一条新消息"


def test_params_are_turned_into_words_when_read() -> None:
    notices.register("test.state", title="%(state)s", body="", fill=lambda params: {"state": {"done": "办好了"}[params["state"]]})
    assert notices.words("test.state", {"state": "done"}).title == "办好了"
    del _kinds["test.state"]


def test_a_notice_needs_a_receiver() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(kind="k", key="k", channel="in_app", created_at=clock.now(), send_after=clock.now())


def test_a_telephone_number_is_sent_to_once_and_nowhere_in_clear(gateway: Gateway, settings: Settings) -> None:
    settings.SITE_ORIGIN = "https://town.example"
    tell(Address(PHONE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kernel_notice")
        assert PHONE not in str(cursor.fetchall())
    assert notices.deliver_due() == 1
    assert notices.deliver_due() == 0
    [message] = gateway.got
    assert (message.phone, message.body) == (PHONE, "“路灯不亮”已派给路灯所。")
    assert message.url == "https://town.example/cases/7K3/"
    assert message.key == Notice.objects.get().key


def test_a_later_notice_waits(gateway: Gateway, people: list[Any]) -> None:
    later = clock.now() + timedelta(hours=1)
    tell([Address(PHONE), people[0].pk], send_after=later)
    assert notices.deliver_due() == 0
    assert notices.unread_count(people[0]) == 0
    with clock.at(later):
        assert notices.deliver_due() == 1
        assert notices.unread_count(people[0]) == 1


def test_a_gateway_that_refuses_is_asked_again_with_patience_and_then_given_up(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    tell(Address(PHONE))
    gateway.error = RuntimeError(f"cannot reach {PHONE}")
    moment = clock.now()
    with caplog.at_level(logging.WARNING):
        for wait in WAITS:
            with clock.at(moment):
                assert notices.deliver_due() == 0
                assert notices.deliver_due() == 0
            moment += wait
    notice = Notice.objects.get()
    assert (notice.attempts, notice.sent_at) == (len(WAITS), None)
    assert notice.gave_up_at is not None
    assert notice.last_error == "RuntimeError: cannot reach …"
    assert PHONE not in caplog.text
    gateway.error = None
    with clock.at(moment + timedelta(days=9)):
        assert notices.deliver_due() == 0


def test_after_a_failure_it_arrives_with_the_same_key(gateway: Gateway) -> None:
    tell(Address(PHONE))
    gateway.error = OSError("timed out")
    start = clock.now()
    with clock.at(start):
        notices.deliver_due()
    gateway.error = None
    with clock.at(start + WAITS[0]):
        assert notices.deliver_due() == 1
    notice = Notice.objects.get()
    assert (notice.attempts, notice.last_error) == (2, "")
    assert gateway.got[0].key == notice.key


def test_two_workers_that_saw_the_same_notice_send_it_once(gateway: Gateway) -> None:
    tell(Address(PHONE))
    seen = Notice.objects.get()
    assert (_claim(seen), _claim(seen)) == (1, 0)
    assert notices.deliver_due() == 0  # the first one has it; if it dies, the notice is due again after the wait


def test_a_channel_that_is_not_there_is_tried_again_later(caplog: pytest.LogCaptureFixture) -> None:
    tell(Address(PHONE), channels=["pigeon"])
    with caplog.at_level(logging.WARNING):
        assert notices.deliver_due() == 0
    assert "pigeon" in Notice.objects.get().last_error


def test_the_console_says_it_with_a_masked_number(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.GONGZHI_DEMO = False
    tell(Address(PHONE), channels=["console"])
    assert notices.deliver_due() == 1
    out = capsys.readouterr().out
    assert "138****0000" in out
    assert PHONE not in out


def test_numbers_are_forgotten_thirty_days_after(gateway: Gateway) -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        tell([Address(PHONE), Address("13900000000")])
        tell(Address("13700000000"), key="unsent", channels=["pigeon"])
        due = Notice.objects.filter(channel="test")
        due.update(sent_at=clock.now())
    tell(Address(PHONE), key="new")
    assert notices.forget_addresses() == 2
    assert notices.forget_addresses() == 0
    assert [notice.address for notice in Notice.objects.order_by("id")] == ["", "", "13700000000", PHONE]


def test_bulk_rows_are_the_same(people: list[Any]) -> None:
    with clock.at(clock.now()) as now:
        made = notices.row(kind="test.dispatched", to=people[0].pk, obj=CASE, params={"code": "7K3"}, key="k")
        assert (made.sent_at, made.created_at, made.url, made.pk) == (now, now, "/cases/7K3/", None)
    Notice.objects.bulk_create([made])
    notices.queue(kind="test.dispatched", to=people[0].pk, obj=CASE, key="k")
    assert Notice.objects.count() == 1
