"""What is true of arrears and what is allowed: no database, no clock, no settings."""
