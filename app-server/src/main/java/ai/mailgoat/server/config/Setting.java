package ai.mailgoat.server.config;

/// One value as it was found.
///
/// @param text a list is comma-separated
/// @param place for messages: `mailgoat.yaml:12`, or the environment variable
/// @param sequence whether it was written as a YAML list
record Setting(String text, String place, boolean sequence) {}
