"""The lesson on one neuron: forward, loss, backward, update."""
