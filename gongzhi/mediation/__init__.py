"""枫桥经验: disputes settled by mediators at the lowest level first, by the law on people's mediation (facts.md "Mediation").

It judges nobody and is private to its parties and mediators: no list, board or search elsewhere shows a word of it. It serves
neighbours who want to live on beside each other, and the mediators who help them.
"""
