"""What people ask for and staff answer once: late withdrawals, exemptions, leave, appeals."""
