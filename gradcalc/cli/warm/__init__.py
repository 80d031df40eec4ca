"""Warm calls: a process that has the libraries loaded answers in the place of the one that was started."""
