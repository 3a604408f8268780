"""清欠: claims against public bodies and large firms, what moved on them, and where they stand."""
