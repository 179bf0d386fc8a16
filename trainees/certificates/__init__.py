"""Certificates for a class and for a year: issuing, revoking, checking, paper and PDF."""
