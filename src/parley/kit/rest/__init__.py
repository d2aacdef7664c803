"""What the rooms' routes are made of: the edge they are served through, ids, pages, shapes. Knows no business."""
