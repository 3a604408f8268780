import django.db.models.deletion
from django.db import migrations, models

import duban.postgres.fields


class Migration(migrations.Migration):
    dependencies = [
        ("arrears", "0018_proposals"),
        ("audit", "0003_all_but"),
        ("evidence", "0003_all_but"),
        ("identity", "0005_forgetting"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verdict", models.CharField(max_length=8)),
                ("reason", models.TextField()),
                ("is_blanket", models.BooleanField()),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="AnswerPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("n", models.IntegerField()),
                ("amount", duban.postgres.fields.MoneyField()),
                ("message", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="StatedClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.IntegerField()),
                ("step", models.BigIntegerField()),
                ("undisputed", duban.postgres.fields.MoneyField()),
                ("unsettled", duban.postgres.fields.MoneyField()),
                ("not_due", duban.postgres.fields.MoneyField()),
                ("disputed", duban.postgres.fields.MoneyField()),
                ("judicial", duban.postgres.fields.MoneyField()),
                ("cleared", duban.postgres.fields.MoneyField()),
                ("facts", models.CharField(max_length=32)),
            ],
        ),
        migrations.RemoveField(
            model_name="statementrow",
            name="proposed",
        ),
        migrations.AddField(
            model_name="statement",
            name="coverage",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="statementrow",
            name="changes",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="statement",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("checked", "Checked"),
                    ("submitted", "Submitted"),
                    ("returned", "Returned"),
                    ("refused", "Refused"),
                    ("accepting", "Accepting"),
                    ("accepted", "Accepted"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="received",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="appointment",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.appointment"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="scope",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.scope",
            ),
        ),
        migrations.AddField(
            model_name="answerpaper",
            name="answer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="arrears.answer"
            ),
        ),
        migrations.AddField(
            model_name="answerpaper",
            name="file",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.file"
            ),
        ),
        migrations.AddField(
            model_name="answerpaper",
            name="scope",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.scope",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="claim",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="arrears.claim"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="scope",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.scope"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="arrears.statement"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="arrears.question"
            ),
        ),
        migrations.AddField(
            model_name="statedclaim",
            name="claim",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="stated", to="arrears.claim"
            ),
        ),
        migrations.AddField(
            model_name="statedclaim",
            name="scope",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.scope"
            ),
        ),
        migrations.AddField(
            model_name="statedclaim",
            name="statement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="arrears.statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("statement", "kind", "claim", "n"), name="a_question_is_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="an_answer_has_its_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="statedclaim",
            index=models.Index(fields=["claim", "-id"], name="arrears_statedclaim_latest"),
        ),
    ]
