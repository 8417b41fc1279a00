"""How the app is reached: what is refused at the door, before any of it runs."""
