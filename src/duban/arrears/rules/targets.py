"""What is to be reached by when (阶段目标), in two layers, and how far it is from there. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from duban.arrears.rules.bases import Progress
from duban.arrears.rules.position import ratio
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence


class Layer(StrEnum):
    """Who set it. The city asks for more, or for it sooner, so that the level above is met in any case."""

    ABOVE = "above"
    """国家、省级."""
    OWN = "own"
    """本级."""

    @property
    def label(self) -> Sentence:
        """The layer's name in the reader's language."""
        return Sentence(_LAYER_LABELS[self])


_LAYER_LABELS = {Layer.ABOVE: N_("State or province"), Layer.OWN: N_("City")}


class Metric(StrEnum):
    """What a target is measured in."""

    PROGRESS = "progress"
    AMOUNT = "amount"
    SMALL_ZERO = "small_zero"
    """小额无分歧清零: nothing undisputed is left of the small claims."""

    @property
    def label(self) -> Sentence:
        """The metric's name in the reader's language."""
        return Sentence(_METRIC_LABELS[self])


_METRIC_LABELS = {
    Metric.PROGRESS: N_("Progress"),
    Metric.AMOUNT: N_("Amount cleared"),
    Metric.SMALL_ZERO: N_("Small undisputed claims to zero"),
}


class BadTarget(DomainError):
    """A target says what it cannot say."""

    text = N_(
        "A target of {metric} needs a number that fits: progress above 0 and at most 100 %, an amount above zero, "
        "and none for small claims; and between 0 and 365 days before its date."
    )

    def __init__(self, *, metric: Metric) -> None:
        super().__init__(metric=metric.label)


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    Args:
        rate: a ratio, for progress.
        amount: for an amount; nothing otherwise.
        buffer_days: so many days before `due_on` it is to be reached, to leave time to put right what was missed.
    """

    layer: Layer
    metric: Metric
    due_on: date
    buffer_days: int = 0
    rate: Decimal | None = None
    amount: Money = ZERO

    @property
    def ready_on(self) -> date:
        """The day on which it is to be reached."""
        return self.due_on - timedelta(days=self.buffer_days)


class Reached(StrEnum):
    """Where a target stands, computed from the figures and the day."""

    REACHED = "reached"
    AHEAD = "ahead"
    NEAR = "near"
    """Its buffer runs."""
    MISSED = "missed"
    UNKNOWN = "unknown"
    """There is no figure to hold it against."""

    @property
    def label(self) -> Sentence:
        """The state's name in the reader's language."""
        return Sentence(_REACHED_LABELS[self])


_REACHED_LABELS = {
    Reached.REACHED: N_("Reached"),
    Reached.AHEAD: N_("Time is left"),
    Reached.NEAR: N_("Within the buffer"),
    Reached.MISSED: N_("Missed"),
    Reached.UNKNOWN: N_("No figure yet"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a target is held against.

    Args:
        is_strict: the campaign counts by C1.
        small_left: what is undisputed and open of small claims; None where no threshold is set.
    """

    progress: Progress
    small_left: Money | None
    is_strict: bool

    @property
    def rate(self) -> Decimal | None:
        """Under the campaign's counting rule; 0 as long as nothing counts."""
        return ratio(self.counted, self.progress.base)

    @property
    def counted(self) -> Money:
        """Under the campaign's counting rule."""
        return self.progress.verified if self.is_strict else self.progress.stated


def check_target(target: Target) -> None:
    """Let a target be set, or raise `BadTarget`."""
    fits = {
        Metric.PROGRESS: target.rate is not None and 0 < target.rate <= 1 and target.amount == ZERO,
        Metric.AMOUNT: target.amount > ZERO and target.rate is None,
        Metric.SMALL_ZERO: target.rate is None and target.amount == ZERO,
    }
    if not fits[target.metric] or not 0 <= target.buffer_days <= 365:
        raise BadTarget(metric=target.metric)


def is_met(target: Target, figures: Figures) -> bool | None:
    """Whether the figures reach the target; None where they cannot tell."""
    if figures.progress.why_none is not None:
        return None
    if target.metric is Metric.PROGRESS:
        return None if figures.rate is None or target.rate is None else figures.rate >= target.rate
    if target.metric is Metric.AMOUNT:
        return figures.counted >= target.amount
    return None if figures.small_left is None else figures.small_left == ZERO


def standing(target: Target, figures: Figures, *, as_of: date) -> Reached:
    """Where a target stands at the end of a day."""
    met = is_met(target, figures)
    if met is None:
        return Reached.UNKNOWN
    if met:
        return Reached.REACHED
    if as_of > target.due_on:
        return Reached.MISSED
    return Reached.NEAR if as_of >= target.ready_on else Reached.AHEAD
