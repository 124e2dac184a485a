"""Tests mirror gongzhi/; journeys/ run in a browser, house/ tests the house itself."""
