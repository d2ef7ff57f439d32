"""The history of the schema (Alembic). One head; a test holds the models against it."""
