"""Bytes of a stranger, opened safely: as text, as a table of text, as JSON or as a workbook, within one set of limits.

Whoever opens a file names the limits of its kind (`limits`), and puts a refusal into words of its own (`Refused`).
"""
