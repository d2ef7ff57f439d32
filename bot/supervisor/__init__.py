"""Runs every process of the service on one machine: starts them in order, starts the dead again, stops all together."""
