"""What a user gives, `--at`, `--shape`, `--wrt`, `--direction`, made into a problem."""
