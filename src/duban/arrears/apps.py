"""The arrears context."""

from django.apps import AppConfig


class ArrearsConfig(AppConfig):
    """Keeps the ledger."""

    name = "duban.arrears"
    label = "arrears"

    def ready(self) -> None:
        """Tell `audit verify` what can be recomputed here, and others of the sheet and of where claims are listed."""
        from duban.arrears import checks  # noqa: PLC0415 - models are known only now
        from duban.arrears.sheet import LEDGER  # noqa: PLC0415 - as above
        from duban.arrears.views.of_party import claims_of  # noqa: PLC0415 - as above
        from duban.register import elsewhere  # noqa: PLC0415 - as above
        from duban.workbook import registry  # noqa: PLC0415 - as above

        checks.register()
        registry.register(LEDGER)
        elsewhere.register(claims_of)
