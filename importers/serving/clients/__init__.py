"""Tools that send load to any server and measure what comes back."""
