"""Ground floor: the shared vocabulary. Pure, standard library only, imports nothing of Parley."""
