"""The connector to the city's 12345 and 数字城管: orders in, replies back, their number, clock and verdict (mission.md 42).

It holds no case of its own: an order becomes a case and stays one. It serves the desk, which types nothing twice.
"""
