"""Benchmarks: `make bench`. They print ratios against references measured in the same run, never verdicts: machines are noisy."""
