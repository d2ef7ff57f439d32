"""The nouns of the service. Pure: no clock, no chance, no input or output."""
