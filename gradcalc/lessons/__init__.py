"""What the lessons compute: frozen records, printed by nobody here."""
