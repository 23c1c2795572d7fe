"""What changes drafts and their way: writing, remarking, sending round, deciding."""
