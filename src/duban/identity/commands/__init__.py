"""What people do about units, people and sessions. Each leaves a row in the trail in the same transaction."""

from duban.identity.commands.people import (
    ForYourself,
    PeriodEndsBeforeItBegins,
    UnknownLine,
    UnknownRole,
    appoint,
    deactivate,
    end_appointment,
    reactivate,
    set_first_password,
)
from duban.identity.commands.sessions import (
    NotYourAppointment,
    change_appointment,
    change_password,
    sign_in,
    sign_out,
)
from duban.identity.commands.units import (
    ROOT,
    CannotMerge,
    ChangedLater,
    UnitEnded,
    UnitUnderItself,
    load_units,
    merge_units,
    scope_of,
)

__all__ = [
    "ROOT",
    "CannotMerge",
    "ChangedLater",
    "ForYourself",
    "NotYourAppointment",
    "PeriodEndsBeforeItBegins",
    "UnitEnded",
    "UnitUnderItself",
    "UnknownLine",
    "UnknownRole",
    "appoint",
    "change_appointment",
    "change_password",
    "deactivate",
    "end_appointment",
    "load_units",
    "merge_units",
    "reactivate",
    "scope_of",
    "set_first_password",
    "sign_in",
    "sign_out",
]
