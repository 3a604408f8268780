"""Charts of the arrears pages, each beside a table of the same numbers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from duban.arrears.queries.progress import ProgressRow
from duban.ui.charts import Bar, Chart, bars


def progress_chart(rows: Sequence[ProgressRow]) -> Chart:
    """Progress of each unit under both counting rules, the furthest first."""
    ordered = sorted(rows, key=lambda row: (row.stated_rate is None, -(row.stated_rate or 0)))
    is_verified = any(row.counted_rate is not None for row in rows)
    series = (_("Stated"), _("Verified")) if is_verified else (_("Stated"),)
    return bars(
        "progress-chart",
        [Bar(row.unit_name, (row.stated_rate, row.counted_rate)[: len(series)]) for row in ordered],
        title=_("Progress by unit"),
        series=series,
        as_percent=True,
    )
