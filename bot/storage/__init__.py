"""The only SQL of the project. Named queries per noun; a transaction is handed in, never opened here."""
