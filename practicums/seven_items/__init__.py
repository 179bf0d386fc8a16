"""The seven items (七个一): steps, signers, the board."""
