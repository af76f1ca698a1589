/// The one configuration record, its YAML file, its environment overrides and its defaults.
package ai.mailgoat.server.config;
