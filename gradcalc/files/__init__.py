"""Files and streams: opened, read line by line or as a table of numbers, and limited."""
