"""What plans look like on paper and in files: the year as a workbook, and letters by templates that
the office replaces.
"""
