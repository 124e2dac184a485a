"""A phone has one row of codes. The rows before are thrown away: a code lives for five minutes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="PhoneCode"),
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone_index", models.CharField(max_length=64, unique=True)),
                ("code_hash", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("counted_from", models.DateTimeField()),
                ("sent_count", models.PositiveSmallIntegerField(default=1)),
            ],
            options={"verbose_name": "手机验证码", "verbose_name_plural": "手机验证码"},
        ),
    ]
