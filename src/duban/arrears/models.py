"""What is stored of arrears. What the ledger forbids, the database forbids too: see `migrations/sql/ledger.sql`."""

import uuid

from django.db import models
from django.db.models import F, Q

from duban.arrears.rules.accounts import HELD, MOVES
from duban.audit.models import Posting
from duban.evidence.models import File
from duban.identity.models import Appointment, Scope, Unit
from duban.postgres.fields import AccountField, MoneyField
from duban.register.models import Party


def allowed_moves() -> Q:
    """The table of moves as a condition; anything else must reverse an earlier transfer."""
    condition = Q(reverses__isnull=False)
    for source, destinations in MOVES.items():
        condition |= Q(source=source.value, destination__in=sorted(destination.value for destination in destinations))
    return condition


class Contract(models.Model):
    """An agreement from which claims come; without a number it is known by its parties and project."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=200, blank=True)
    project = models.CharField(max_length=300, blank=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "debtor", "creditor", "number", "project"], name="a_contract_is_recorded_once"
            )
        ]


class Part(models.Model):
    """A part of a contract's price (期次): advance, progress, settlement, warranty; or the whole."""

    class Kind(models.TextChoices):
        """What the part is for."""

        WHOLE = "whole"
        ADVANCE = "advance"
        PROGRESS = "progress"
        SETTLEMENT = "settlement"
        WARRANTY = "warranty"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="parts")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.WHOLE)
    number = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "kind", "number"], name="a_part_is_recorded_once")]


class Claim(models.Model):
    """Identity only: who is owed by whom for what, and who reports it. Everything that can change is a `ClaimFact`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="claims")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "scope"], name="a_claim_is_in_one_scope")]


class Facts(models.Model):
    """What is said of a claim, shared by each version and by the current one."""

    ledger_no = models.CharField(max_length=64)
    debtor_name = models.CharField(max_length=200)
    creditor_name = models.CharField(max_length=200)
    debtor_kind = models.CharField(max_length=16, blank=True)
    creditor_kind = models.CharField(max_length=16, blank=True)
    category = models.CharField(max_length=16, blank=True)
    project = models.CharField(max_length=300, blank=True)
    contract_no = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=128, blank=True)
    signed_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


class ClaimFact(Facts):
    """One version of what is said of a claim. Written once; a correction is the next version."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="facts", db_constraint=False, db_index=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    recorded_at = models.DateTimeField()
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "n"], name="versions_of_a_claim_are_numbered")]


class Transfer(models.Model):
    """An amount moved between two accounts of a claim. Written once; a mistake gets an opposite transfer."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="transfers", db_constraint=False, db_index=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    recorded_at = models.DateTimeField()
    """The posting's instant; the database holds the two together."""
    n = models.IntegerField()
    """Counts the claim's transfers without a gap."""
    source = AccountField()
    destination = AccountField()
    amount = MoneyField()
    value_on = models.DateField(null=True)
    """The day of the bank or of the event, where it is known."""
    effective_on = models.DateField()
    """The day of the ledger."""
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_transfer_moves_a_positive_amount"),
            models.CheckConstraint(condition=allowed_moves(), name="a_transfer_follows_an_allowed_move"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="a_transfer_has_two_accounts"),
            models.UniqueConstraint(fields=["claim", "n"], name="transfers_of_a_claim_are_numbered"),
        ]
        indexes = [
            # What moved in a scope after a day; an earlier ledger is today's less that.
            models.Index(fields=["scope", "effective_on"]),
            models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name="arrears_transfer_reversed"),
        ]


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


class ClosedMonth(models.Model):
    """A month that was signed for a scope: nothing takes effect in it or before it any more."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    """Its first day."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "month"], name="a_month_closes_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_named_by_its_first_day"),
        ]


class Statement(models.Model):
    """A reporter's workbook of its ledger at a date (月报台账), and what became of it."""

    class Mode(models.TextChoices):
        """Whether it states the whole ledger, or only what changed."""

        FULL = "full"
        CHANGES = "changes"

    class State(models.TextChoices):
        """How far it is. After `received` and `accepting` it is the worker's turn."""

        RECEIVED = "received"
        CHECKED = "checked"
        REFUSED = "refused"
        ACCEPTING = "accepting"
        ACCEPTED = "accepted"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.FULL)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)
    is_for_another = models.BooleanField(default=False)
    """Handed in by somebody of another unit (代传)."""
    summary = models.JSONField(default=dict)
    """Counts and sums of the preview, in the form of the command line."""
    refusal = models.JSONField(null=True)
    """The sentence for which the file was refused as a whole."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["unit", "-as_of", "-id"])]


class Delivery(models.Model):
    """Several workbooks handed in at once. Each becomes a statement when a person has said whose and of when it is."""

    class State(models.TextChoices):
        """How far it is; while it waits, it is the worker's turn."""

        WAITING = "waiting"
        SORTED = "sorted"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    """Of the unit of whoever handed it in."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "-id"])]


class DeliveredFile(models.Model):
    """A file of a delivery: as it was handed in, or out of an archive that was."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"
        UNPACKED = "unpacked"
        """An archive whose workbooks stand in the delivery by themselves."""
        GUESSED = "guessed"
        REFUSED = "refused"
        HANDED_IN = "handed_in"

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="files")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    n = models.IntegerField()
    name = models.CharField(max_length=255)
    """With the folders in which it lay in its archive."""
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    guess = models.JSONField(default=dict)
    """Whose and of which day it seems to be, with the reasons; of an archive, what was passed over."""
    refusal = models.JSONField(null=True)
    """The sentence for which it cannot be read."""
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "n"], name="files_of_a_delivery_are_numbered")]


class StatementRow(models.Model):
    """A normalised row of a statement, kept as it was understood."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="rows", db_constraint=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    n = models.IntegerField()
    """The row number in the sheet, as the office sees it."""
    values = models.JSONField()
    has_error = models.BooleanField()
    proposal = models.CharField(max_length=12, blank=True)
    """A `rules.statement.Change`; empty where nothing changed."""
    proposed = MoneyField(default=0)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "n"], name="a_row_is_kept_once")]


class Finding(models.Model):
    """Something the check found in a statement."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="findings")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    rule = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    sheet = models.CharField(max_length=64)
    cell = models.CharField(max_length=16, blank=True)
    value = models.TextField(blank=True)
    message = models.JSONField()
    expected = models.TextField(blank=True)
