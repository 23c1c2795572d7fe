"""The audit in the database: stored, read, run in steps, on SQLite and PostgreSQL."""
