"""The demonstration district: a town that never was, built by the real actions.

It is not test data and ships no real person. It serves everyone who wants to see the whole house lived in within seconds.
"""
