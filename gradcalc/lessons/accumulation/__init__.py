"""The lesson on what repeated `backward()` does to `.grad`."""
