"""Tests of the house itself: its floors, its files, its settings, its one command."""
