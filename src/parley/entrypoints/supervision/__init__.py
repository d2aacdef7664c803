"""Keeping a few child processes alive, and stopping them in order."""
