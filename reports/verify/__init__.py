"""What `manage.py verify` checks: every invariant as one set-based statement that returns what breaks it."""
