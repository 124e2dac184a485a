"""Claim codes 查询码: how one is stored (never itself)."""

from __future__ import annotations

from gongzhi.kernel import codes, crypto


def claim_index(claim: str) -> str:
    """The blind index of a claim code as typed."""
    return crypto.blind_index(codes.normalise(claim), "case.claim")
