"""One-way means to partners and staff, one file per means."""
