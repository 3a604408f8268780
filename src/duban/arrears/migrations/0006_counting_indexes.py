from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("arrears", "0005_folds"),
        ("audit", "0003_all_but"),
        ("identity", "0004_all_but"),
        ("register", "0002_row_security"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="claimnow",
            name="arrears_cla_scope_i_1a673c_idx",
        ),
        migrations.AddIndex(
            model_name="claimnow",
            index=models.Index(
                fields=["scope", "-open", "claim"], include=("debtor", "creditor"), name="arrears_claimnow_open"
            ),
        ),
        migrations.AddIndex(
            model_name="claimnow",
            index=models.Index(
                condition=models.Q(("disputed__gt", 0)),
                fields=["scope", "-open", "claim"],
                include=("debtor", "creditor"),
                name="arrears_claimnow_disputed",
            ),
        ),
        migrations.AddIndex(
            model_name="claimnow",
            index=models.Index(
                condition=models.Q(("judicial__gt", 0)),
                fields=["scope", "-open", "claim"],
                include=("debtor", "creditor"),
                name="arrears_claimnow_judicial",
            ),
        ),
        migrations.AddIndex(
            model_name="flow",
            index=models.Index(fields=["effective_on"], name="arrears_flo_effecti_89a58b_idx"),
        ),
    ]
