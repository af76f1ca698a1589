package ai.mailgoat.server.merge;

/// A text with braces that are no place for a value. The message says which, and continues a
/// sentence that begins with the text's name.
public final class MalformedMergeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedMergeException(String message) {
        super(message);
    }
}
