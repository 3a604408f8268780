from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, change_policy

MINE = "appointment_id = (SELECT identity.my_appointment())"
HAS_THE_TRAIL = "(SELECT identity.my_role()) IN ('office', 'auditor')"
KEEPS_THE_TRAIL = "(SELECT identity.my_role()) IN ('operator', 'audit_admin')"
SEEN_BEFORE = "scope_id IN (SELECT identity.my_scopes())"
POSTED_BEFORE = "scope_id IN (SELECT identity.my_posting_scopes())"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_only_added"), ("identity", "0004_all_but")]

    operations = [
        change_policy(
            "audit_event",
            "read",
            to=f"{MINE} OR ({HAS_THE_TRAIL} AND {IN_SIGHT}) OR {KEEPS_THE_TRAIL}",
            was=f"{MINE} OR ({HAS_THE_TRAIL} AND {SEEN_BEFORE}) OR {KEEPS_THE_TRAIL}",
        ),
        change_policy(
            "audit_posting",
            "read",
            to=f"{MINE} OR {IN_SIGHT} OR {KEEPS_THE_TRAIL}",
            was=f"{MINE} OR {SEEN_BEFORE} OR {KEEPS_THE_TRAIL}",
        ),
        change_policy("audit_posting", "add", to=f"{MINE} AND {MAY_POST}", was=f"{MINE} AND {POSTED_BEFORE}"),
    ]
