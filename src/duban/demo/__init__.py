"""The fictional city of 澜江: its workbooks are generated, then imported the way a user would."""
