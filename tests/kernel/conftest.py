"""What every test of the kernel has around it."""

from tests.kernel.flushing import audit_lets_flush_pass

__all__ = ["audit_lets_flush_pass"]
