"""What can be done with webhooks, a verb a file."""
