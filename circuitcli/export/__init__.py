"""A circuit as code that runs by itself: value and gradient as one function of a language."""
