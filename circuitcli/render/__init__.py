"""Records and pictures -> text and images for people and programs."""
