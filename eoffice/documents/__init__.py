"""Documents and their form: drafts of blocks, Word files, the rules of form as dated data, findings and safe fixes.

Pure: no database, no clock, no network. `office_check` brings it together for a file.
"""
