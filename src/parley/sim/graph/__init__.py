"""The Graph API: what Meta's clients call."""
