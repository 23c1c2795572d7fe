"""Standing facts: measured, made again, reported, kept and removed."""
