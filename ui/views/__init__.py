"""What each page shows, as frozen values and pure builders; templates only place them."""
