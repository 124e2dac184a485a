"""Two tests with real transactions: the first leaves a line behind, the second must find a clean table that is still guarded."""

import pytest
from django.db import DatabaseError, connection

from gongzhi.kernel import audit
from gongzhi.kernel.audit import AuditEntry, Ref


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", [1, 2])
def test_the_record_is_empty_and_guarded_in_each_round(round_number: int) -> None:
    assert not AuditEntry.objects.exists()
    audit.record(verb="v", obj=Ref("cases.case", round_number), by=1)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_auditentry")
