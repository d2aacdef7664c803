"""What is looked at in a whole flow before it is published, one file per question."""
