"""Facts about a circuit at a point: values, derivatives, rounding, uncertainty, and explanations."""
