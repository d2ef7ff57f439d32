"""One-way means to partners."""
