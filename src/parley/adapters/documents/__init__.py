"""Documents as people write them: headings and paragraphs out of text, Markdown, HTML and PDF."""
