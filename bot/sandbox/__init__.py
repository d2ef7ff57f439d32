"""A stand-in for Twilio and for the phones of people who write to us. Never reachable where real people write."""
