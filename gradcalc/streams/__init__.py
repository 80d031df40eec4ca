"""Rows in and out, a block at a time: files of any length in bounded memory."""
