"""People, the organisation tree and appointments; who may do what, where; the door that every transaction enters by."""
