"""Why autograd is wrong: where on its graph the digits went, and an equal expression that keeps them."""
