"""The exact engine on whole arrays: balls in arrays, products and inverses by Arb's matrices."""
