"""Places, bodies, posts and facilities: the map of who is answerable where.

It is not a register of residents and keeps no picture of a person (privacy.md 1).
It serves every room above that asks "which grid is this in", "who holds this post today" and "who may see this area".
"""
