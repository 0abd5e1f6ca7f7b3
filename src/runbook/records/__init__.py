"""What is kept: one folder an incident, with its events and its executed notebooks."""
