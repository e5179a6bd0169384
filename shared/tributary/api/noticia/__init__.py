"""The Noticia REST surface."""
