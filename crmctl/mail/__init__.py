"""Letters and documents: templates to text, text to letters, letters to files and servers."""
