"""The whole suite as a visitor meets it: real processes, a real browser."""
