"""The bank's figures beside published ones: measured on its lives, judged, printed and drawn."""
