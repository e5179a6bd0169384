"""Request bodies of the Noticia surface."""
