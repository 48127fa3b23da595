"""What a script of three lines does, to compare with: import spaCy, load, find entities."""

import sys

import spacy

nlp = spacy.load(sys.argv[1])
print(len(nlp(sys.argv[2]).ents), "entities found")
