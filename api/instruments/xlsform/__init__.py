"""Questionnaires as XLSForm workbooks: read, refused with reasons, and written."""
