"""The soak: `make soak`. The whole service under traffic and faults for a long time; what grows is found, and said."""
