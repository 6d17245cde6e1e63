"""Studies, their documents, and who may do what in them."""
