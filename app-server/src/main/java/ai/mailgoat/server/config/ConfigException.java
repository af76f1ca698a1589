package ai.mailgoat.server.config;

/// A configuration that cannot be used. The message is one line that names the key, where it stands
/// (file and line, or the environment variable), and what is expected.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
