"""The commands this feature adds to `vanthu`: one module for what belongs together, named in `mail_audit.COMMANDS`."""
