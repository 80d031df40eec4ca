"""Results as a page to share: one file of HTML that asks for no other."""
