"""Readers of training: each returns frozen dataclasses, of what its reader reaches, in a fixed number of queries."""
