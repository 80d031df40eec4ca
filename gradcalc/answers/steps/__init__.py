"""Derivations rule by rule, each step verified before it is shown."""
