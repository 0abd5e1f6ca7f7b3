"""Values of the model into what people read: HTML, Markdown, lines for a terminal."""
