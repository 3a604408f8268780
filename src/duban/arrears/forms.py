"""Typed text of the arrears pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import DateField, TextField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duban.arrears.commands.claim.correcting import CHOSEN
from duban.arrears.models import Facts
from duban.arrears.rules.accounts import OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.acts import PAPERS, REDUCIBLE, Cause, Ground
from duban.arrears.rules.asking import BOTH_SIDES, Asked, Verdict
from duban.arrears.rules.facts import FACTS
from duban.arrears.rules.law import VERSIONS
from duban.arrears.rules.reporting import DEADLINE_DAY
from duban.arrears.rules.settling import SETTLES_AS, Method
from duban.arrears.sheet.columns import CATEGORIES, DEBTOR_KINDS
from duban.arrears.words import choices, fact_label, fact_value, label
from duban.kernel.codes import Uscc
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.postgres.fields import MoneyField
from duban.ui import shown
from duban.ui.fields import DayInput

READABLE = (".xlsx", ".xlsm", ".xls", ".ods")
SCANNED = (".pdf", ".jpg", ".jpeg", ".png")
DELIVERED = (*READABLE, ".csv", ".tsv", ".zip")


class DayForm(forms.Form):
    """A day to look at."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput())


class ImportForm(forms.Form):
    """A ledger workbook, whose it is, and of which day."""

    unit = forms.ChoiceField(label=_("Reporting unit"))
    as_of = forms.DateField(
        label=_("Ledger as of"),
        widget=DayInput(),
        help_text=_("The day at which the ledger stood, usually the last of a month."),
    )
    kind = forms.ChoiceField(label=_("Debtor kind, if it is of one alone"), required=False)
    category = forms.ChoiceField(label=_("Category, if it is of one alone"), required=False)
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("The ledger as it is, .xlsx or .xls; one table with headings."),
        widget=forms.ClearableFileInput({"accept": ",".join(READABLE)}),
    )

    def __init__(self, *given: Any, units: list[tuple[str, str]], latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = units
        for name, codes in (("kind", DEBTOR_KINDS), ("category", CATEGORIES)):
            part = self.fields[name]
            assert isinstance(part, forms.ChoiceField)  # noqa: S101 - declared above
            of_column = "debtor_kind" if name == "kind" else name
            part.choices = [("", _("The whole ledger")), *((one.code, label(of_column, one.code)) for one in codes)]
        self.fields["as_of"].widget.attrs["max"] = latest.isoformat()

    def covers(self) -> dict[str, str]:
        """Of which part of the ledger the workbook is."""
        return {name: code for name in ("kind", "category") if (code := self.cleaned_data[name])}

    def clean_file(self) -> Any:  # noqa: ANN401 - an uploaded file, whose type is generic only in the stubs
        """A file of a kind that can be read; what is in it is looked at later."""
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in READABLE:
            raise forms.ValidationError(_("This is not a workbook. Save the ledger as .xlsx and hand that in."))
        return file


class _ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class _ManyFilesField(forms.FileField):
    """Files, each as it was uploaded."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401 - Django's own
        """Check each by itself."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(_ManyFilesField, self).clean(one, initial) for one in given]


class DeliveryForm(forms.Form):
    """Several workbooks at once."""

    workbooks = _ManyFilesField(
        label=_("Workbooks"),
        help_text=_("As many as you like, or a .zip with folders. Whose each one is is guessed, and you confirm."),
        widget=_ManyFiles({"accept": ",".join(DELIVERED)}),
    )


class ConfirmForm(forms.Form):
    """Whose one of the files is and of which day; only a ticked one is handed in."""

    take = forms.BooleanField(label=_("Hand in"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=128)
    as_of = forms.DateField(label=_("Ledger as of"), required=False, widget=DayInput())

    def __init__(self, *given: Any, names: str, latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["unit"].widget.attrs.update({"list": names, "autocomplete": "off"})
        self.fields["as_of"].widget.attrs["max"] = latest.isoformat()

    def clean(self) -> dict[str, Any]:
        """A ticked file needs both."""
        given = super().clean() or {}
        if given.get("take") and not given.get("unit"):
            self.add_error("unit", _("Choose the unit."))
        if given.get("take") and "as_of" not in self.errors and not given.get("as_of"):
            self.add_error("as_of", _("Give the day."))
        return given


class MonthForm(forms.Form):
    """Something said of a unit from a month on, and why."""

    unit = forms.ChoiceField(label=_("Unit"))
    since = forms.DateField(
        label=_("From the month of"), widget=DayInput(), help_text=_("Any day of the first month it holds for.")
    )

    def __init__(self, *given: Any, units: list[tuple[str, str]], today: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = units
        self.fields["since"].initial = today.replace(day=1)
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)


class DutyForm(MonthForm):
    """Whether a unit reports."""

    is_expected = forms.ChoiceField(
        label=_("Does it report?"), choices=[("yes", _("It reports")), ("no", _("It does not report any more"))]
    )


class DeadlineForm(MonthForm):
    """The day of the next month by which a unit and everything under it report."""

    day = forms.IntegerField(label=_("Day of the next month"), initial=DEADLINE_DAY)


class SignedForm(forms.Form):
    """A form that came back signed and sealed."""

    signer_name = forms.CharField(label=_("Signed by"), max_length=64)
    signer_post = forms.CharField(label=_("Post of the signer"), max_length=128)
    file = forms.FileField(
        label=_("Signed form"),
        help_text=_("A scan or a photograph, .pdf, .jpg or .png."),
        widget=forms.ClearableFileInput({"accept": ",".join(SCANNED)}),
    )

    def clean_file(self) -> Any:  # noqa: ANN401 - an uploaded file, whose type is generic only in the stubs
        """A scan; what is on it is for people to see."""
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in SCANNED:
            raise forms.ValidationError(_("This is no scan. Hand the paper in as .pdf, .jpg or .png."))
        return file


class ZeroForm(SignedForm):
    """A zero report: whose, and of which month."""

    unit = forms.ChoiceField(label=_("Unit"))
    month = forms.ChoiceField(label=_("Month"))
    field_order = ("unit", "month")

    def __init__(
        self, *given: Any, units: list[tuple[str, str]], months: list[tuple[str, str]], **named: Any  # noqa: ANN401 - Django's own
    ) -> None:  # fmt: skip
        super().__init__(*given, **named)
        for name, offered in (("unit", units), ("month", months)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = offered


class WithdrawForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class AcceptForm(forms.Form):
    """The decision to enter a checked statement."""

    hold_errors = forms.BooleanField(
        label=_("Hold the rows with errors and what nobody decided on: those claims keep their last state"),
        required=False,
    )


class ReturnForm(forms.Form):
    """What is to be put right in a statement that goes back to its unit."""

    reason = forms.CharField(label=_("What is to be put right"), max_length=500)


class AnswerForm(forms.Form):
    """A decision on questions of a statement, with its reason and what shows that it is right."""

    which = forms.ChoiceField(label=_("Decide on"), required=False)
    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *given: Any, kinds: Iterable[Asked], **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        which, verdict = self.fields["which"], self.fields["verdict"]
        assert isinstance(which, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(verdict, forms.ChoiceField)  # noqa: S101 - declared above
        every = [(kind.value, _("All open: {kind}").format(kind=kind.label)) for kind in kinds]
        which.choices = [("", _("What is ticked above")), *every]
        verdict.choices = [(one.value, str(one.label)) for one in Verdict]
        for role in ("source", *BOTH_SIDES):
            self.fields[f"paper_{role}"] = forms.FileField(label=_(PAPERS[role]), required=False)

    def papers(self) -> list[tuple[str, Any]]:
        """The files that were handed in, by what they prove."""
        return _papers(self.cleaned_data)


def _papers(given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    files = [(name, file) for name, file in given.items() if name.startswith("paper_") and file]
    return [(name.removeprefix("paper_"), file) for name, file in files]


class AmountField(forms.CharField):
    """An amount as people type it, in yuan."""

    def clean(self, value: Any) -> Money | None:  # noqa: ANN401 - Django's own
        """The amount; nothing where the field may stay empty and does, and None where that says another thing."""
        text = super().clean(value)
        try:
            return Money.parse(text) if text else None if text is None else ZERO
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def _choices(kinds: Iterable[Account | Cause | Ground | Method]) -> Callable[[], list[tuple[str, str]]]:
    """Choices in the reader's language: they are asked for when the form is shown."""
    return lambda: [(kind.value, str(kind.label)) for kind in kinds]


def _editions() -> list[tuple[str, str]]:
    """That of the day on which the duty to pay arose, and each by name."""
    return [("", gettext("The edition of the day")), *((law.edition.value, str(law.label)) for law in VERSIONS)]


_ASKED: Mapping[str, Callable[[], forms.Field]] = {
    "amount": lambda: AmountField(label=_("Amount (yuan)")),
    "method": lambda: forms.ChoiceField(label=_("Method"), choices=_choices(SETTLES_AS)),
    "voucher_number": lambda: forms.CharField(label=_("Voucher number"), required=False, max_length=100),
    "voucher_total": lambda: AmountField(
        label=_("The whole voucher (yuan)"), required=False, help_text=_("Only where it pays several claims.")
    ),
    "payee_name": lambda: forms.CharField(label=_("Payee on the voucher"), required=False, max_length=200),
    "value_on": lambda: forms.DateField(label=_("Day of the bank"), required=False, widget=DayInput()),
    "cause": lambda: forms.ChoiceField(label=_("Why it is disputed"), choices=_choices(Cause)),
    "expires_on": lambda: forms.DateField(label=_("To be resolved by"), widget=DayInput()),
    "case_number": lambda: forms.CharField(label=_("Case number"), max_length=100),
    "due_part": lambda: forms.ChoiceField(
        label=_("Account it stands in"), choices=_choices((Account.UNDISPUTED, Account.DISPUTED))
    ),
    "open_part": lambda: forms.ChoiceField(label=_("Account it stands in"), choices=_choices((*OPEN, *OUTSIDE_RATES))),
    "ground": lambda: forms.ChoiceField(label=_("Ground"), choices=_choices(REDUCIBLE)),
    "edition": lambda: forms.ChoiceField(label=_("Edition"), choices=_editions, required=False),
    "owed": lambda: AmountField(label=_("Amount owed (yuan)"), required=False),
    "confirmed": lambda: AmountField(label=_("Amount that both sides confirmed (yuan)")),
    "unsettled_part": lambda: AmountField(
        label=_("Unsettled part that is settled (yuan)"), required=False, help_text=_("Empty for all of it.")
    ),
    "estimated": lambda: AmountField(
        label=_("Unsettled amount (yuan)"),
        required=False,
        help_text=_("An estimate that waits for acceptance, settlement or review, beside what is owed."),
    ),
    "pay_by": lambda: forms.DateField(
        label=_("To be paid by"),
        required=False,
        widget=DayInput(),
        help_text=_("By the contract and the law, counted from the settlement. Empty leaves the due day as it is."),
    ),
}
"""What an act may ask for."""


class ActForm(forms.Form):
    """What an act on a claim asks for, its papers, its day and its reason.

    Args:
        asks: names of what any claim may be asked.
        more: fields that depend on the claim or on the person; they stand first.
        latest: the last day on which it may take effect; None for an act that has no day.
    """

    def __init__(
        self, *given: Any, asks: Sequence[str], papers: Sequence[str], latest: date | None,  # noqa: ANN401 - Django's own
        more: Mapping[str, forms.Field] = MappingProxyType({}), **named: Any,  # noqa: ANN401 - Django's own
    ) -> None:  # fmt: skip
        super().__init__(*given, **named)
        self.fields.update(more)
        for name in asks:
            self.fields[name] = _ASKED[name]()
        for role in papers:
            self.fields[f"paper_{role}"] = forms.FileField(label=_(PAPERS[role]), required=False)
        if latest:
            day = forms.DateField(label=_("Day of the ledger"), initial=latest, widget=DayInput())
            day.widget.attrs["max"] = latest.isoformat()
            self.fields["effective_on"] = day
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)
        self.order_fields(self.field_order)

    def typed(self) -> dict[str, str]:
        """What was typed, by field, without papers, day and reason: from it the form can be made again."""
        apart = ("paper_", "effective_on", "reason")
        return {name: self.data.get(name, "") for name in self.fields if not name.startswith(apart)}

    def shown(self) -> list[tuple[str, str]]:
        """The same for people: each field's label and what was typed, choices by their names."""
        typed = self.typed()
        return [
            (str(self.fields[name].label), str(dict(getattr(self.fields[name], "choices", ())).get(value, value)))
            for name, value in typed.items()
            if value
        ]

    def papers(self) -> list[tuple[str, Any]]:
        """The files that were handed in, by what they prove; which are needed is the act's to say."""
        return _papers(self.cleaned_data)


class DecideForm(forms.Form):
    """What a person who decides on a proposal adds; to return one it is needed."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


class _CodeField(forms.CharField):
    """A unified social credit code, if the party has one."""

    def clean(self, value: Any) -> str | None:  # noqa: ANN401 - Django's own
        """The code as it is kept, or None."""
        text = super().clean(value)
        try:
            return Uscc.parse(text).code if text else None
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def choice_field(label: str, choices: Sequence[tuple[str, str]], *, initial: str = "") -> forms.Field:
    """A choice among what this claim, or this person, has."""
    return forms.ChoiceField(label=label, choices=choices, initial=initial)


def number_field() -> forms.Field:
    """The ledger number of a claim that comes to be."""
    return forms.CharField(label=_("Number of the new claim"), max_length=64)


def part_fields(held: Mapping[Account, Money]) -> dict[str, forms.Field]:
    """An amount from each account that holds something."""
    return {
        f"part_{account.value}": AmountField(
            label=_("Of {account} (yuan)").format(account=account.label),
            required=False,
            help_text=_("At most {amount}.").format(amount=shown.yuan(amount)),
        )
        for account, amount in held.items()
        if amount > ZERO
    }


def parts_given(given: Mapping[str, Any]) -> dict[Account, Money]:
    """What was typed into `part_fields`, without what was left empty."""
    typed = {name: amount for name, amount in given.items() if name.startswith("part_") and amount != ZERO}
    return {Account(name.removeprefix("part_")): amount for name, amount in typed.items()}


def code_field(label: str) -> forms.Field:
    """A party's credit code, which may stay empty."""
    return _CodeField(label=label, required=False, help_text=_("Empty where the party has none."))


def fact_fields(said: Facts | None = None) -> dict[str, forms.Field]:
    """A field for everything that is said of a claim, filled in with what is said now."""
    return {name: _fact_field(name, said) for name in FACTS if name not in CHOSEN}


def _fact_field(name: str, said: Facts | None) -> forms.Field:
    column = _COLUMNS[name]
    named: dict[str, Any] = {"label": fact_label(name), "required": name in NEEDED}
    if said is not None:
        present = getattr(said, name)
        named |= {"initial": present, "help_text": _("Now: {value}").format(value=fact_value(name, present))}
    if listed := choices(name):
        return forms.ChoiceField(choices=listed, **named)
    if isinstance(column, MoneyField):
        return AmountField(empty_value=None if column.null else "", **named)
    if isinstance(column, DateField):
        return forms.DateField(widget=DayInput(), **named)
    if isinstance(column, TextField):
        return forms.CharField(widget=forms.Textarea({"rows": 2}), **named)
    made = column.formfield(**named)
    assert made is not None  # noqa: S101 - a column of facts is something that is typed
    return made


_COLUMNS = {column.name: column for column in Facts._meta.fields}  # noqa: SLF001 - Django's public way
NEEDED = frozenset({"ledger_no", "debtor_name", "creditor_name"})
"""What has to be said of every claim."""
