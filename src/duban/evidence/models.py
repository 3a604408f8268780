"""What is stored of files; their bytes are in DUBAN_HOME, under their hash."""

from django.db import models

from duban.identity.models import Appointment, Scope


class File(models.Model):
    """A file as somebody handed it in. The same bytes handed in twice are two rows and one file on disk."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"])]
