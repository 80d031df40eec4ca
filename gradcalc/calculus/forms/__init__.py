"""An expression as a textbook prints it: equal forms by canonical algebra and identities, the shortest one chosen."""
