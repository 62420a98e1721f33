"""Invoicing: printed lines to documents, with VAT, totals and credit notes."""
