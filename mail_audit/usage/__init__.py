"""From messages and sessions to use: what a person did, what a machine did, day by day."""
