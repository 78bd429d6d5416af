"""The content of a picture: boxes and wires of a diagram, samples of a curve or a surface. Nothing here draws."""
