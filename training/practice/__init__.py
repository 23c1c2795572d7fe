"""Practice on the real system: what may be practised, and what proves that it was done. Pure; no database."""
