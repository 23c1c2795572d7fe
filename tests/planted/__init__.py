"""Subjects, bodies and passwords planted in everything that is read, and looked for in everything that was written."""
