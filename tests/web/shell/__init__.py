"""The page, its files and its service worker."""
