"""Boards and maps: what the acts recorded below add up to, each figure a link to its list.

It computes nothing about a person and writes only its own caches; figures are kept by the rooms whose facts they count.
It serves the district leader in front of the big screen and everyone who asks "which?".
"""
