"""What we report to other domains, once a day, where they ask for it: who sent in their name, whom TLS failed."""
