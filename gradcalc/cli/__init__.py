"""The command line: options in, one call of the library, its result rendered, an exit code out."""
