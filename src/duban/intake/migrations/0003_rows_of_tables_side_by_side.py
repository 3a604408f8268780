from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_row_security")]

    operations = [migrations.AddField("lookrow", "left", models.IntegerField(default=0))]
