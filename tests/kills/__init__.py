"""Killing the measurement at random moments: `python -m tests.kills --times 200`, and a handful in the suite."""
