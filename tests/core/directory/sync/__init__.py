"""The directory as a directory server has it."""
