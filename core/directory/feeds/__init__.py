"""Feeds: what makes an answer of a directory server into a roster. Pure, but for the words of the settings.

options     what the table `[sync.KEY]` may decide
ranks       who leads, by title
cells       an entry of the server as the cells of a directory file's row
following   posts with dates: what ends, what begins, what stays
merging     the present roster and what the server says, in one
counting    joiners, movers, leavers of a change

Everything from a server goes the way of a file: the same checks of cells, the same assembling, the same import.
"""
