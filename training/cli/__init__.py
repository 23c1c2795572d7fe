"""The commands this feature adds to `vanthu`: one module for what belongs together, all under `vanthu training`."""
