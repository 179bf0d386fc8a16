"""Changes of a whole class and what people are told of them."""
