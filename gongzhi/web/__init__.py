"""The face of the house: base pages, components, static files, navigation, style guide, error pages.

It holds no domain rule and writes no row of its own: rooms below bring their pages, this room gives them their looks.
It serves whoever looks at a screen: resident, grid worker, desk, supervision, big screen.
"""
