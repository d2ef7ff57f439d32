"""The same world as the pipeline's tests."""

from tests.pipeline.conftest import log_lines, world

__all__ = ["log_lines", "world"]
