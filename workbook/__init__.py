"""The reading that writes Excel, and the workbook it makes; it computes nothing of its own."""
