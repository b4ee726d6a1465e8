"""An enterprise's request under a call; its submission is a frozen copy."""
