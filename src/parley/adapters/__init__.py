"""The outside world, one folder per vendor, implementing the ports of the rooms."""
