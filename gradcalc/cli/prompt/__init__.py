"""The prompt: definitions that stay, and what a line asks for."""
