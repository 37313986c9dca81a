"""Who somebody is: name, kind, country, sector."""
