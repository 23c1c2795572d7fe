"""What changes who is to learn what, and how far they are: one transaction, one entry in the trail."""
