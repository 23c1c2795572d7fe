"""Letters with seeded faults, written for the tests: the plan, the wording, the faults and the writers of DOCX.

Nothing here knows the checker. A letter is planned from what the Decree says, faults are put into the plan, and the
plan is written by python-docx or as the XML that Word and LibreOffice write. What was put in is the truth.
"""
