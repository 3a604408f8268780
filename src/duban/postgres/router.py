"""Which connection may change the schema."""


class OwnerMigrates:
    """Only the owner's connection migrates; the application's own nothing."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:  # noqa: ARG002 - Django's signature
        """Whether migrations run on connection `db`."""
        return db == "owner"
