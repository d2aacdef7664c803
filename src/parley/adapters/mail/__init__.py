"""E-mail, by whatever server the operator names."""
