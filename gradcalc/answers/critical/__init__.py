"""The critical points of a function in a box: all of them, proven, and what each is."""
