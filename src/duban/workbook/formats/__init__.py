"""Reading one file of any format. Runs in a process of its own (`__main__`), started and watched by `opening`."""
