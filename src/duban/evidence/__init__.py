"""Files by content hash: workbooks, vouchers, contracts. What was handed in is kept as it was."""
