"""街乡吹哨 部门报到: a call to departments on a matter one grid cannot solve alone, until the matter ends (facts.md "Whistle").

It moves no case and keeps no trail of anybody: a position is taken once, at the arrival that asks for it. It serves the street
that calls, the departments that come, and whoever asks afterwards what each of them did.
"""
