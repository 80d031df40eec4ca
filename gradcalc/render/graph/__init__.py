"""The computational graph as a page, a text, a drawing."""
