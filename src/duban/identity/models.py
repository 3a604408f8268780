"""What is stored of people, units and appointments.

Sessions, entries and credentials are tables of the database functions in `migrations/sql`: the application cannot
reach them, so they have no models.
"""

import uuid
from functools import cached_property

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from duban.identity import rules
from duban.kernel.words import Sentence
from duban.postgres.fields import PathField


class Line(models.Model):
    """A line (条): departments of one trade across regions, such as housing or health."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)


class Unit(models.Model):
    """A body or a region in the organisation tree. What can change about it is a `UnitVersion`."""

    code = models.CharField(max_length=64, unique=True)
    path = PathField()
    """Its place today; a merged unit stands under its successor, who therefore sees what it held."""
    is_territory = models.BooleanField(default=False)
    """A region, with everything in it: the block (块) that its bodies answer for."""
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    ended_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.code


class UnitVersion(models.Model):
    """What a unit was called, where it stood and which line it belonged to, from a day until another."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=16)
    region_code = models.CharField(max_length=12)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.IntegerField(default=0)
    """Where it stands in the official order."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_unit_has_one_version_on_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class UnitAlias(models.Model):
    """Another name by which papers call a unit: a short form, or a former name."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="an_alias_is_recorded_once")]
        indexes = [models.Index(fields=["name"])]


class Scope(models.Model):
    """A crossing of unit and line. Every business row carries one, and sight is a list of them."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scopes")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "line"], name="a_unit_and_a_line_cross_once", nulls_distinct=False)
        ]


class Person(models.Model):
    """Somebody who acts. The password is elsewhere, where no query of the application reaches it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=64, unique=True)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A person, a role and a unit, from a day until another. A person acts under one at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in rules.Role])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    party_id = models.BigIntegerField(null=True)
    """The party a debtor or an enterprise acts for; the register is a later room of the house, so a plain number."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="an_appointment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in rules.Role]), name="a_role_is_one_of_the_list"
            ),
        ]

    is_authenticated = True
    unit_name: str = ""
    """What the unit is called today; set when a request enters."""

    @property
    def powers(self) -> rules.Powers:
        """What the role reaches and may do."""
        return rules.POWERS[rules.Role(self.role)]

    @property
    def role_label(self) -> Sentence:
        """The role's name in the reader's language."""
        return rules.Role(self.role).label

    @cached_property
    def sight(self) -> dict[int, bool]:
        """The scopes this appointment sees, each with whether it may add rows there; read once a request."""
        return dict(Sight.objects.filter(appointment=self).values_list("scope_id", "may_post"))

    def __str__(self) -> str:
        return f"{self.person.name} · {self.unit.code} · {self.role}"


class Sight(models.Model):
    """Which scopes an appointment sees: the list that row security looks into. Kept by the database alone."""

    pk = models.CompositePrimaryKey("appointment_id", "scope_id")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="+")
    may_post = models.BooleanField()


class AllBut(models.Model):
    """What an appointment does not see, where it sees every other scope. Kept by the database beside `Sight`."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, primary_key=True, related_name="all_but")
    unseen = ArrayField(models.BigIntegerField())
    may_post = models.BooleanField()
