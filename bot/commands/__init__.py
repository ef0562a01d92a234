"""The bodies of the command line's verbs, one module each, imported when the verb is used."""
