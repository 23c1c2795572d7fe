"""What a copy of a letter proves, without a server and without a database: its envelope and a few lines of its head.

`reading` takes a copy as it streams by and keeps the few head lines that prove something; `received` says who vouches
for the log-in; `report` reads the envelope reports of Exchange; `entry` makes of all this what is kept. No subject and
no text of a letter leaves this package: what is not asked for by name is dropped as it is read.
"""
