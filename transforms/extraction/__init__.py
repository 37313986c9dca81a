"""Facts read by processes of their own: asking them, sharing them, giving up what ends them."""
