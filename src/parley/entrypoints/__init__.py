"""Mount and start, nothing else: the web node, the ingress, the worker, the command line."""
