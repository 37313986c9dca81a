"""Places: the gazetteer and which of its entries a text means."""
