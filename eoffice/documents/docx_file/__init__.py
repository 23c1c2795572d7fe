"""Word files: opened without trust, read with the formatting that Word would show, mended without touching the rest."""
