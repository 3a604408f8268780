"""The database server: the embedded one, which we start and stop ourselves, or another one named by DATABASE_URL."""
