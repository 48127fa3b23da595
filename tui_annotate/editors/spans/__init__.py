"""The editors of labelled spans: entities, keyphrases, links."""
