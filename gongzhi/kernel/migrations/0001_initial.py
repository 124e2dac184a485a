import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import gongzhi.kernel.crypto

# The database itself keeps the record: whoever gets past the models still cannot change a line. TRUNCATE stays possible
# for the owner of a PostgreSQL table (tests flush with it). If a later migration makes SQLite rebuild this table, run
# `guard` again after it.
SQLITE = """
CREATE TRIGGER kernel_audit_no_{name} BEFORE {act} ON kernel_auditentry
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed or deleted'); END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit rows are never changed or deleted' USING ERRCODE = '23000'; END $$;
DROP TRIGGER IF EXISTS kernel_audit_guard ON kernel_auditentry;
CREATE TRIGGER kernel_audit_guard BEFORE UPDATE OR DELETE ON kernel_auditentry
FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse();
"""


def guard(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    elif schema_editor.connection.vendor == "sqlite":
        for act in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE.format(name=act.lower(), act=act))


def unguard(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP TRIGGER kernel_audit_guard ON kernel_auditentry; DROP FUNCTION kernel_audit_refuse();"
        )
    elif schema_editor.connection.vendor == "sqlite":
        for act in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER kernel_audit_no_{act}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CacheVersion",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="名称")),
                ("version", models.BigIntegerField(verbose_name="版本")),
            ],
            options={
                "verbose_name": "缓存版本",
                "verbose_name_plural": "缓存版本",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="PeriodicRun",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name="名称")),
                ("due_at", models.DateTimeField(verbose_name="下次时间")),
                ("worker", models.CharField(blank=True, default="", max_length=64, verbose_name="办理进程")),
                ("started_at", models.DateTimeField(null=True, verbose_name="上次开始")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="上次完成")),
                ("last_error", models.TextField(blank=True, default="", verbose_name="上次错误")),
            ],
            options={
                "verbose_name": "定时任务",
                "verbose_name_plural": "定时任务",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="WorkerPresence",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="编号")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("alive_until", models.DateTimeField(verbose_name="有效至")),
            ],
            options={
                "verbose_name": "后台进程",
                "verbose_name_plural": "后台进程",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor_id", models.BigIntegerField(null=True, verbose_name="办理人")),
                ("actor_body_id", models.BigIntegerField(null=True, verbose_name="办理单位")),
                ("verb", models.CharField(max_length=60, verbose_name="事项")),
                ("object_type", models.CharField(max_length=60, verbose_name="对象类型")),
                ("object_id", models.BigIntegerField(verbose_name="对象")),
                ("object_code", models.CharField(blank=True, default="", max_length=40, verbose_name="编号")),
                ("facts", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "digest",
                    models.CharField(
                        help_text="对整行内容的 SHA-256 校验值，用来发现改动。", max_length=64, verbose_name="校验值"
                    ),
                ),
            ],
            options={
                "verbose_name": "操作记录",
                "verbose_name_plural": "操作记录",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "id"], name="audit_by_object"),
                    models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=80, verbose_name="范围")),
                ("key", models.CharField(max_length=120, verbose_name="提交编号")),
                ("body_hash", models.CharField(max_length=64, verbose_name="内容校验值")),
                ("outcome", models.JSONField(null=True, verbose_name="结果")),
                ("created_at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "提交记录",
                "verbose_name_plural": "提交记录",
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["created_at"], name="idempotency_by_age")],
                "constraints": [models.UniqueConstraint(fields=("scope", "key"), name="idempotency_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "address",
                    gongzhi.kernel.crypto.EncryptedTextField(
                        blank=True, default="", help_text="加密保存，送达30天后清除。", verbose_name="手机号"
                    ),
                ),
                ("channel", models.CharField(default="in_app", max_length=20, verbose_name="方式")),
                ("kind", models.CharField(max_length=60, verbose_name="类别")),
                ("params", models.JSONField(blank=True, default=dict, verbose_name="内容")),
                ("object_type", models.CharField(blank=True, default="", max_length=60, verbose_name="对象类型")),
                ("object_id", models.BigIntegerField(blank=True, null=True, verbose_name="对象")),
                ("url", models.CharField(blank=True, default="", max_length=300, verbose_name="链接")),
                ("key", models.CharField(max_length=160, verbose_name="唯一编号")),
                ("created_at", models.DateTimeField(verbose_name="时间")),
                ("send_after", models.DateTimeField(verbose_name="发送时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送出时间")),
                ("gave_up_at", models.DateTimeField(blank=True, null=True, verbose_name="停止重试")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
                ("last_error", models.CharField(blank=True, default="", max_length=300, verbose_name="上次错误")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="已读时间")),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("gave_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["send_after", "id"],
                        name="notice_unsent",
                    ),
                    models.Index(fields=["recipient", "-created_at"], name="notice_of_person"),
                    models.Index(
                        condition=models.Q(("channel", "in_app"), ("read_at__isnull", True)),
                        fields=["recipient"],
                        name="notice_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recipient__isnull", False),
                            models.Q(("channel", "in_app"), _negated=True),
                            _connector="OR",
                        ),
                        name="notice_has_a_receiver",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
