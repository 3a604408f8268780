"""Django's PostgreSQL backend, which brings the embedded server back when it has died."""
