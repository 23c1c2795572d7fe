"""Courses as files and as text: their format, checked, and Markdown made into safe HTML (no database)."""
