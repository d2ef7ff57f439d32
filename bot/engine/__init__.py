"""A flow interpreter. Pure: a turn is a function of the flows, the session, what was heard, the time and a supply of codes."""
