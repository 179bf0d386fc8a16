"""Reading the workbook of an annual plan."""
