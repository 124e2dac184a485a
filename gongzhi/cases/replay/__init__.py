"""A city's real requests run through our own acts under their own clock: an evaluation, in a district of its own.

`terms` learns promised times from past requests; `source` reads the file; `world` makes the district, bodies and people;
`lives` plans what happened to each request; `running` writes them and compares what our clocks say with what the file says.
"""
