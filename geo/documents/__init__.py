"""Files of any kind as blocks of text: what one reader a format finds, in a process thrown away after it.

Nothing here is imported but what a format needs, for the process starts anew for each file.
"""
