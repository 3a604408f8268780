"""What the database keeps beside the ledger by itself, so that the present need not be added up."""

from django.db import models
from django.db.models import F, Q

from duban.arrears.models.ledger import Claim, Facts
from duban.arrears.rules.accounts import HELD
from duban.audit.models import Posting
from duban.identity.models import Scope
from duban.postgres.fields import AccountField, MoneyField
from duban.register.models import Party


class ClaimNow(Facts):
    """Where a claim stands: its balances and its latest facts. A projection that the database keeps by itself."""

    claim = models.OneToOneField(
        Claim, on_delete=models.PROTECT, primary_key=True, related_name="now", db_constraint=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    creditor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    unsettled = MoneyField(default=0)
    not_due = MoneyField(default=0)
    undisputed = MoneyField(default=0)
    disputed = MoneyField(default=0)
    judicial = MoneyField(default=0)
    reported = MoneyField(default=0)
    cash = MoneyField(default=0)
    instrument = MoneyField(default=0)
    offset = MoneyField(default=0)
    court = MoneyField(default=0)
    reduced = MoneyField(default=0)
    open = models.GeneratedField(
        expression=F("undisputed") + F("disputed") + F("judicial"), output_field=MoneyField(), db_persist=True
    )
    """Due and open, including what is before a court."""
    transfers = models.IntegerField(default=0)
    versions = models.IntegerField(default=0)
    last_effective_on = models.DateField(null=True)
    last_recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(*((f"{account.value}__gte", 0) for account in HELD)), name="no_balance_is_below_zero"
            )
        ]
        indexes = [
            models.Index(fields=["due_on", "claim"]),
            models.Index(F("due_on").desc(nulls_last=True), "claim", name="arrears_claimnow_due_last"),
            models.Index(fields=["scope", "due_on", "claim"]),
            models.Index(fields=["-open", "claim"]),
            models.Index(fields=["scope", "ledger_no"]),
            # Those below carry what row security looks at, so that counting reads the index alone.
            models.Index(
                fields=["scope", "-open", "claim"], include=["debtor", "creditor"], name="arrears_claimnow_open"
            ),
            # Few claims are disputed or in court: whoever lists them need not look at all others.
            models.Index(
                fields=["scope", "-open", "claim"],
                include=["debtor", "creditor"],
                condition=Q(disputed__gt=0),
                name="arrears_claimnow_disputed",
            ),
            models.Index(
                fields=["scope", "-open", "claim"],
                include=["debtor", "creditor"],
                condition=Q(judicial__gt=0),
                name="arrears_claimnow_judicial",
            ),
        ]


class Flow(models.Model):
    """What a posting moved, by scope, day and account: the position of any day and instant is a sum of these.

    A projection kept by the database. `claims`, beside the contra account, is by how much the count of claims with
    something recognised went up or down.
    """

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    posting = models.ForeignKey(
        Posting, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=32)
    """The posting's; whoever sees a flow need not see the posting."""
    recorded_at = models.DateTimeField()
    effective_on = models.DateField()
    account = AccountField()
    amount = models.BigIntegerField()
    claims = models.IntegerField()

    class Meta:
        indexes = [
            # Positions are read from the index alone, a tenth of what reading the rows would take.
            models.Index(
                fields=["scope", "account"],
                include=["effective_on", "amount", "claims", "recorded_at"],
                name="arrears_flow_sums",
            ),
            # What takes effect after a day is taken out of a fold.
            models.Index(fields=["effective_on"]),
        ]


class Fold(models.Model):
    """Flows added up, so that a position need not add up all there ever were. A projection kept by the database."""

    last_flow = models.BigIntegerField(primary_key=True)
    """Flows up to this id are in it. No posting was open when it was made, so later flows have later ids."""
    recorded_until = models.DateTimeField()
    """The latest instant of them; a position as known earlier has no use for the fold."""
    made_at = models.DateTimeField()


class FoldedFlow(models.Model):
    """What the flows of a scope and an account add up to in a fold."""

    pk = models.CompositePrimaryKey("fold_id", "scope_id", "account")
    fold = models.ForeignKey(Fold, on_delete=models.CASCADE, related_name="sums", db_index=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    account = AccountField()
    amount = models.BigIntegerField()
    claims = models.BigIntegerField()
