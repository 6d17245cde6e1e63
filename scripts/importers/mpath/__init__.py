"""Reads an m-Path export: the answers ("basic") and the codebook ("meta")."""
