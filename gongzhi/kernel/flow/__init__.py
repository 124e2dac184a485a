"""A matter's way through its states: one table of moves, one door that writes, clocks that ring. Without any domain.

A room declares its states and moves (`Table`), derives its rows from `kernel.models.flow` and changes a state through
`make_move` only. What may not be done is refused in words; of two people who act at once one wins (docs/decisions/0015).
"""
