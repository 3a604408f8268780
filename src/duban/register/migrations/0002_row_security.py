from django.db import migrations

from duban.identity.rowsecurity import protect

BUSINESS = "(SELECT identity.is_business())"


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("identity", "0003_row_security")]

    operations = [
        # A name and a code are public facts: everybody who works on ledgers sees them, a party itself sees its own.
        protect(
            "register_party",
            read=f"{BUSINESS} OR id = (SELECT identity.my_party())",
            add=BUSINESS,
        ),
        protect(
            "register_partyname",
            read=f"{BUSINESS} OR party_id = (SELECT identity.my_party())",
            add=BUSINESS,
        ),
    ]
