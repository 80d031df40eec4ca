"""The lesson on the sigmoid and its derivative."""
