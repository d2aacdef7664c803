"""Toolbox: database, keys, HTTP, settings, telemetry. It knows no business."""
