/// API keys: made once and shown once, kept as a SHA-256 under their public prefix, recognised on
/// every request.
package ai.mailgoat.server.apikey;
