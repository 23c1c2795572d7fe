"""The native scanner."""
