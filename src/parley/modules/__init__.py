"""The rooms, from the bottom up; each may use the front doors of those below."""
