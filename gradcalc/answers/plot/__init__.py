"""What is drawn of a function: curves that end where it breaks, and what is at these places."""
