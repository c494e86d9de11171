"""Mail to many: lists that an account keeps, who is on them and how they said yes, and whom no list writes to."""
