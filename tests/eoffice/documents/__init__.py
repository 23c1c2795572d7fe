"""The form check: its rules, its readers, its fixes, and how many seeded faults it finds."""
