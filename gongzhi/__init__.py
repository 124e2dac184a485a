"""Gongzhi 共治: the software a neighbourhood governs itself with."""
