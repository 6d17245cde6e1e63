"""Make de-identified releases: k-anonymity on people, pseudonyms, safe CSV cells, and their verification."""
