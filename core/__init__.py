"""The floor everything stands on; it knows no feature by import, only by the names in `settings.INSTALLED`."""
