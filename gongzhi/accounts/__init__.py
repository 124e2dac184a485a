"""Users, sign-in, personal tokens and phone codes.

It is not a directory of people: a user has a name to be greeted by, a phone kept encrypted, and preferences, nothing else.
It serves everyone who signs in and every program that acts for one of them.
"""
