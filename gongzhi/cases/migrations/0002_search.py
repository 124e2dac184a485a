from django.db import migrations

from gongzhi.kernel.search import search_index_operations


class Migration(migrations.Migration):
    """The index behind the search box; schema only."""

    dependencies = [("cases", "0001_initial")]
    operations = search_index_operations("cases_case")
