"""Our servers against programs that others wrote, and against faults."""
