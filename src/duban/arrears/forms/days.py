"""What many pages ask for: a day to look at, and why something is taken back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.ui.fields import DayInput


class DayForm(forms.Form):
    """A day to look at."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput())


class WithdrawForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
